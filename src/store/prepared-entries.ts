/** Entries made before the transaction that takes them: what cannot be written fails alone, and a lock is held more briefly. */
import { contentText, entryOf, type LogContent, newSalts } from '../log/entry.ts';
import type { Appended } from './ledger.ts';
import { LedgerError } from './ledger-error.ts';

export type Prepared = {
  readonly content: LogContent;
  readonly text: string;
  readonly salt: Buffer;
  readonly entry: Buffer;
};

/** Throws LogError `entry-malformed`, LedgerError `ledger-misused`. */
export function prepareEntries(
  contents: readonly LogContent[],
  salts: readonly Buffer[] | null,
): readonly Prepared[] {
  const drawn = salts ?? newSalts(contents.length);
  if (drawn.length !== contents.length)
    throw new LedgerError(
      'ledger-misused',
      `${contents.length} entries want as many salts, not ${drawn.length}`,
    );
  return contents.map((content, i) => {
    const [salt, text] = [drawn[i] ?? Buffer.alloc(0), contentText(content)];
    return { content, text, salt, entry: entryOf(text, salt) };
  });
}

/** As they stand in a log of `size` entries before them. */
export function appendedAt(size: bigint, prepared: readonly Prepared[]): readonly Appended[] {
  return prepared.map(({ content, salt, entry }, i) => ({
    index: size + BigInt(i),
    entry,
    opening: { salt: salt.toString('hex'), content },
  }));
}
