/** A party that things are passed on to, for whoever enters its answers. */
import type { Tx } from '../../store/postgres/state.ts';
import { ownParty } from '../flow/own-party.ts';
import { registerOf } from '../flow/register-of.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { type FileSent, filesSent } from './files-sent.ts';
import { someoneActs } from './someone-acts.ts';

export type PartyShown = {
  /** As the register has it; of one that is gone from there its id. */
  readonly name: string;
  /** Somebody acts for it here. */
  readonly acts: boolean;
  /** The files of its codes that wait for an answer, the latest first. */
  readonly files: readonly FileSent[];
};

/** Refuses `not-found` of a party that no register and no task names, and to all but who works for the organisation. */
export async function showParty(service: Service, actor: Actor, party: string): Promise<Answer<PartyShown>> {
  if (ownParty(actor) !== null) return unknown;
  return service.state.as(actor.org, async (tx) => {
    const name = await partyName(tx, actor.org, party);
    if (name === null) return unknown;
    const acts = await someoneActs(tx, actor.org, party);
    return done({ name, acts, files: await filesSent(tx, actor.org, party) });
  });
}

const unknown = refused('not-found', 'there is no such party');

/** Null of one that no register and no task names. */
export async function partyName(tx: Tx, org: string, party: string): Promise<string | null> {
  const { organisations } = await registerOf(tx, org);
  const known = organisations.get(party);
  if (known !== undefined) return known.legalName;
  const task = await tx
    .selectFrom('passed_on')
    .select('id')
    .where('org', '=', org)
    .where('party', '=', party)
    .limit(1)
    .executeTakeFirst();
  return task === undefined ? null : party;
}
