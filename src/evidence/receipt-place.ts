/**
 * The place of an event in the published log, apart from its receipt: what can still be given when the event was erased
 * and nobody can open its entry (E8). Put beside the receipt that the person kept, it completes it.
 */
import { z } from 'zod';
import type { LogProof } from '../log/proof.ts';
import { hex, loggedSchema, ReceiptError } from './receipt.ts';

export const placeFormat = 'astold/log-place/1';

const schema = z.strictObject({
  format: z.literal(placeFormat),
  event: z.string().min(1).max(80),
  entry: hex(64),
  ...loggedSchema.shape,
});
export type LogPlace = z.infer<typeof schema>;

export const placeOf = (event: string, { entry, index, size, proof, checkpoint }: LogProof): LogPlace => ({
  format: placeFormat,
  event,
  entry,
  index,
  size,
  proof: [...proof],
  checkpoint,
});

/**
 * The receipt with that place in it; whether it holds, the check of the receipt says. Throws ReceiptError
 * `receipt-malformed`, `place-malformed`, `place-of-other`.
 */
export function withPlace(receipt: unknown, value: unknown): unknown {
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new ReceiptError(
      'place-malformed',
      `the place in the log is not in the format ${placeFormat}; give the file that astold receipt wrote of the event`,
    );
  if (typeof receipt !== 'object' || receipt === null || !('entry' in receipt) || !('logged' in receipt))
    throw new ReceiptError(
      'receipt-malformed',
      'a place in the log is put beside a receipt, and this is none',
    );
  const { format: _, event, entry, ...logged } = parsed.data;
  if (receipt.entry !== entry)
    throw new ReceiptError(
      'place-of-other',
      `the place in the log is that of the entry of ${event}, and the receipt is of another entry`,
    );
  return { ...receipt, logged };
}
