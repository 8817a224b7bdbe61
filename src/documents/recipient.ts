/** What sealing a supply reads of documents: recipients' public keys (A1), sleepers and the words that allow them (E7). */
import { z } from 'zod';
import { parseVkey, type Verifier } from '../log/keys.ts';
import { LogError } from '../log/log-error.ts';
import { orNull } from './leaves.ts';
import type { Sleeper } from './sleeper.ts';

/** Public keys of an organisation. Null: it has given none. */
export type RecipientKeys = {
  /** An age X25519 recipient, `age1...`: supplies are sealed to it. */
  readonly age: string | null;
  /** Countersignatures are checked with it. */
  readonly signing: Verifier | null;
};
/** By organisation id; those without any key are not in it. */
export type KeysOf = ReadonlyMap<string, RecipientKeys>;

export type SupplyDocuments = {
  readonly keys: KeysOf;
  readonly sleepers: readonly Sleeper[];
  /** The words by which an agreement's parties agree to sleepers, by agreement id. */
  readonly sleeperTerms: ReadonlyMap<string, string>;
};

const ageKey = z.string().regex(/^age1[02-9ac-hj-np-z]{58}$/, {
  error: 'the public key of an age key pair: age1 and 58 small letters and digits',
});
const signingKey = z.string().refine((text) => signingKeyOf(text) !== null, {
  error: 'a verifier key of signed notes, NAME+HASH+BASE64: the line of the recipient’s sign.pub',
});

/** The keys of an entry of `organisations.yaml`. */
export const recipientKeys = { 'age-key': orNull(ageKey), 'signing-key': orNull(signingKey) };

function signingKeyOf(text: string): Verifier | null {
  try {
    const verifier = parseVkey(text);
    return verifier.kind === 'log' ? verifier : null;
  } catch (error) {
    if (error instanceof LogError) return null;
    throw error;
  }
}

export function keysOf(
  entries: readonly {
    readonly id: string;
    readonly 'age-key': string | null;
    readonly 'signing-key': string | null;
  }[],
): KeysOf {
  return new Map(
    entries
      .filter((entry) => entry['age-key'] !== null || entry['signing-key'] !== null)
      .map((entry) => [
        entry.id,
        {
          age: entry['age-key'],
          signing: entry['signing-key'] === null ? null : signingKeyOf(entry['signing-key']),
        },
      ]),
  );
}
