/** The files of codes that were fetched for a party, and how much of each still waits for an answer. */
import type { Tx } from '../../store/postgres/state.ts';
import { unanswered } from './write-answer-to-all.ts';

export type FileSent = {
  /** When it was fetched. */
  readonly at: string;
  /** What was told up to this instant was surely in it. */
  readonly upTo: string;
  /** How many of these wait for an answer. */
  readonly number: number;
};

/** Deeds of the organisation, the latest: nothing older is looked through. */
const deedsRead = 100_000;
const filesShown = 8;
/** A deed is written after the file was read: what was told within this before it, in milliseconds, may not have been in it. */
const unsure = 60_000;

/** The latest first; those of which all was answered are left out. */
export async function filesSent(tx: Tx, org: string, party: string): Promise<readonly FileSent[]> {
  const fetched = await tx
    .selectFrom((db) =>
      db
        .selectFrom('deed')
        .select(['seq', 'at', 'use_case', 'subject', 'outcome'])
        .where('org', '=', org)
        .orderBy('seq', 'desc')
        .limit(deedsRead)
        .as('deed'),
    )
    .select('at')
    .where('use_case', '=', 'make-codes')
    .where('subject', '=', party)
    .where('outcome', '=', 'done')
    .orderBy('seq', 'desc')
    .limit(filesShown)
    .execute();
  const files = fetched.map(({ at }) => ({ at, upTo: new Date(at.getTime() - unsure) }));
  const shown: FileSent[] = [];
  for (const { at, upTo } of files) {
    const number = await waiting(tx, org, { party, upTo });
    if (number > 0) shown.push({ at: at.toISOString(), upTo: upTo.toISOString(), number });
  }
  return shown;
}

async function waiting(
  tx: Tx,
  org: string,
  which: { readonly party: string; readonly upTo: Date },
): Promise<number> {
  const { number } = await unanswered(tx, org, which)
    .select(({ fn }) => fn.countAll<string>().as('number'))
    .executeTakeFirstOrThrow();
  return Number(number);
}
