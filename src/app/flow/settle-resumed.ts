/** What comes of it that a log went on: it is written down and told, and what was lost lets nothing go unseen. */
import { randomUUID } from 'node:crypto';
import { digestOf } from '../../documents/digest.ts';
import { logResumedMail } from '../../mail/texts.ts';
import type { HeldLog } from '../../store/postgres/log-resume.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { Person } from './accounts.ts';
import { setFreeze } from './freeze.ts';
import { logged } from './logged.ts';
import { queueMail } from './queue-mail.ts';
import type { Told } from './resume-log.ts';
import { failRun, type RunTable } from './run-row.ts';
import type { Service } from './service.ts';

export type ResumedLog = {
  readonly held: HeldLog;
  readonly told: Told;
  /** Entries of which the service knows no more than that they were. */
  readonly lost: bigint;
  readonly watching: readonly Person[];
};
type Organisation = { readonly org: string; readonly name: string };

/** As it stands in the list of deeds: no person's account did it. */
const operator = 'operator:server';
const runTables: readonly RunTable[] = ['ingest', 'check_run', 'release_run'];

/** In the transaction in which it goes on; the log is held until that ends. Throws LedgerError. */
export async function settleResumed(
  service: Service,
  tx: Tx,
  { org, name }: Organisation,
  { held, told, lost, watching }: ResumedLog,
): Promise<void> {
  const now = service.now();
  await writeDown(service, tx, org, { held, told, lost });
  if (held.why.kind === 'restored') await endRuns(tx, org, now);
  if (lost > 0n) await freezeAll(service, tx, org, lost);
  const mail = logResumedMail({
    ...{ name, told: told.kind, lost },
    url: `${service.url}/organisations/${org}/freezes`,
  });
  for (const { email } of watching) await queueMail(tx, { org, recipient: email, ...mail }, now);
}

/** In the log, where everybody who is given its openings finds it, and among the deeds. */
async function writeDown(
  service: Service,
  tx: Tx,
  org: string,
  { held, told, lost }: Omit<ResumedLog, 'watching'>,
): Promise<void> {
  const said = {
    at: service.now().toISOString(),
    size: held.head.size.toString(),
    lost: lost.toString(),
    why: held.why.kind,
    made: held.why.kind === 'restored' ? held.why.made : null,
    told: told.kind,
  };
  await logged(service, tx, org, [{ kind: 'log-restored', ...said, digest: digestOf(said) }]);
  const deed = { org, at: service.now(), actor: operator, use_case: 'resume-log' };
  const subject = lost > 0n ? `${told.kind}: ${lost} lost` : told.kind;
  await tx
    .insertInto('deed')
    .values({ ...deed, subject, outcome: 'done' })
    .execute();
}

/** What was asked for before the backup nobody may want after it: whoever does asks again. */
async function endRuns(tx: Tx, org: string, now: Date): Promise<void> {
  const words = 'the service was put back from a backup after this was asked for; ask for it again';
  for (const table of runTables) {
    const runs = await tx
      .selectFrom(table)
      .select('id')
      .where('org', '=', org)
      .where('state', 'in', ['queued', 'running'])
      .execute();
    for (const { id } of runs) await failRun(tx, table, { org, id }, { code: 'restored', words }, now);
  }
}

/** An officer's to lift, once they know what stops are missing. */
async function freezeAll(service: Service, tx: Tx, org: string, lost: bigint): Promise<void> {
  await setFreeze(service, tx, {
    ...{ org, id: randomUUID(), kind: 'everything', subject: null },
    words: `the log went on after a restore, and what ${lost} of its entries were of is lost: stops may be among them`,
    ...{ frozen_by: operator, frozen_as: 'officer', frozen_at: service.now() },
    ...{ lifted_by: null, lifted_at: null, lift_words: null, log_index: null, lift_index: null },
  });
}
