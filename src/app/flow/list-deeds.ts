/** Who did, or tried, what, the latest first. */
import { z } from 'zod';
import { type Page, pageInput, pageOf, pageView, partsOf } from './cursor.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

export const listDeedsInput = pageInput;

export const deedView = z
  .object({
    seq: z.int(),
    at: z.iso.datetime(),
    actor: z.string().meta({
      description:
        'staff, machine or member, and the id of their account; or `operator:server`, at its command line',
    }),
    useCase: z.string(),
    subject: z.string().nullable(),
    outcome: z.string().meta({ description: '`done`, `failed`, or the code of the refusal' }),
  })
  .meta({ id: 'Deed' });
export type DeedView = z.output<typeof deedView>;
export const deedsView = pageView(deedView);

export async function listDeeds(
  { state }: Service,
  actor: Actor,
  { cursor, limit }: z.output<typeof listDeedsInput>,
): Promise<Answer<Page<DeedView>>> {
  const before = cursor === undefined ? null : seqOf(cursor);
  if (cursor !== undefined && before === null)
    return refused('input-invalid', 'the cursor is none of this list');
  const rows = await state.as(actor.org, (tx) =>
    tx
      .selectFrom('deed')
      .selectAll()
      .where('org', '=', actor.org)
      .$if(before !== null, (query) => query.where('seq', '<', before as bigint))
      .orderBy('seq', 'desc')
      .limit(limit + 1)
      .execute(),
  );
  const views = rows.map((row) => ({
    seq: Number(row.seq),
    at: row.at.toISOString(),
    actor: row.actor,
    useCase: row.use_case,
    subject: row.subject,
    outcome: row.outcome,
  }));
  return done(pageOf(views, limit, ({ seq }) => [String(seq)]));
}

function seqOf(cursor: string): bigint | null {
  const [seq] = partsOf(cursor, 1) ?? [];
  return seq !== undefined && /^\d{1,18}$/.test(seq) ? BigInt(seq) : null;
}
