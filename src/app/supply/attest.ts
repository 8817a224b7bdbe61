/** `astold attest`: a party that owes a duty signs that it has done it, for the service of its supplier. */
import { z } from 'zod';
import { readSigningKey } from '../../documents/log-key.ts';
import { readRegular } from '../../documents/regular-file.ts';
import { type Attestation, attest, dutyToAttest } from '../../supply/attestation.ts';
import { SupplyError } from '../../supply/supply-error.ts';

export type AttestOptions = {
  /** The duty as the service shows it, whole, or its `toAttest` alone: JSON. */
  readonly dutyFile: string;
  /** The secret half of the party's own signing key, `sign.key` of `recipient-keys` (its `.pub` beside it). */
  readonly signKey: string;
  /** What was done, where and how. */
  readonly words: string;
  readonly now: Date;
};
export type Attested = { readonly content: Attestation; readonly note: string };

const shown = z.union([
  dutyToAttest,
  z.object({ toAttest: dutyToAttest }).transform((duty) => duty.toAttest),
]);

/** Throws SupplyError `attestation-malformed`, KeyError, FileError. */
export async function attestDutyIn({ dutyFile, signKey, words, now }: AttestOptions): Promise<Attested> {
  const duty = shown.safeParse(json((await readRegular(dutyFile)).toString('utf8')));
  if (!duty.success)
    throw new SupplyError(
      'attestation-malformed',
      `${dutyFile} is no duty that is yet to be attested: save it as the service of your supplier shows it`,
    );
  const signer = await readSigningKey(signKey, `${signKey.replace(/\.key$/, '')}.pub`, 'log');
  const content = { ...duty.data, words, at: now.toISOString() };
  return { content, note: attest(content, signer) };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
