/** Who has answered what was passed on of a member's own records. */
import { z } from 'zod';
import type { Scope } from '../../policy/model.ts';
import type { Tx } from '../../store/postgres/state.ts';
import type { OwnRecord } from '../flow/own-records.ts';
import { readSources } from '../flow/read-sources.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { enteredView } from './list-passed-on.ts';
import { namesKept } from './names-kept.ts';
import { ownPersonIn } from './own-person.ts';
import { nothingSaid, type OwnSaid, ownSaid } from './own-said.ts';
import { type PassedOnTo, passedOnOf } from './passed-on-of.ts';
import { type RecordRead, readRecord } from './read-record.ts';
import { type KeyedRecord, recordKey } from './record-key.ts';
import { type ReleaseFacts, releasesMade } from './release-facts.ts';

export const listAnswersInput = z.strictObject({});
export const answersView = z
  .object({
    items: z.array(
      z.object({
        /** Which of their records it is of, by which pages know it. */
        number: z.number().int(),
        release: z.string(),
        party: z.string(),
        /** As the register has it, or the last that had it. */
        name: z.string(),
        /**
         * They said it themselves, of this very record. False: a stop of somebody else reached it (C4), or one of which nobody
         * knows yet whose it is; whose is not told.
         */
        yours: z.boolean(),
        kind: z.enum(['stop', 'correction', 'restriction', 'erasure']),
        told: z.iso.datetime(),
        due: z.iso.date(),
        answer: z.enum(['done', 'not-held', 'refused']).nullable(),
        answered: z.iso.datetime().nullable(),
        words: z.string().nullable(),
        entered: enteredView,
        /** False: they say that they have deleted the whole list. */
        held: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'Answers' });
export type AnswersView = z.output<typeof answersView>;

export async function listAnswers(
  service: Service,
  actor: Actor,
  _: z.output<typeof listAnswersInput>,
): Promise<Answer<AnswersView>> {
  if (actor.kind !== 'member') return refused('not-found', 'only a member has records of their own');
  const { org, email } = actor;
  return readSources(service, org, async (read) => {
    const person = await ownPersonIn(service, org, read, email);
    const records: RecordRead[] = [];
    for (const [i, own] of person.entries()) {
      const found = await readRecord(read, own, i + 1);
      if (found !== null) records.push(found);
    }
    const said = await ownSaid(service, org, read.workspace, records);
    return done({ items: await answersOf(service, org, person, said) });
  });
}

/** Of these records, numbered from 1 by their place, with what was said of each; of each source the latest first. */
export async function answersOf(
  service: Service,
  org: string,
  person: readonly OwnRecord[],
  own: ReadonlyMap<number, OwnSaid>,
): Promise<AnswersView['items']> {
  const records: Keyed[] = [];
  for (const [i, { source, record }] of person.entries()) {
    const key = await recordKey(service, org, { source, record });
    records.push({ source, key, number: i + 1, said: own.get(i + 1) ?? nothingSaid });
  }
  const { told, names } = await service.state.as(org, (tx) => toldOf(tx, org, records));
  const undecided = told.filter(({ said, to }) => isLateOwn(said, to)).map(({ to }) => to.release);
  const made = await releasesMade(service, org, undecided);
  return told.map(({ number, said, to }) => {
    const { release, party, kind, dueOn, answer, words, entered, held } = to;
    return {
      number,
      ...{ release, party, kind, due: dueOn, answer, words, entered, held },
      name: names.get(party) ?? party,
      yours: isOwn(said, to) || (isLateOwn(said, to) && meetsAny(said, made.get(release) ?? null)),
      told: to.toldAt.toISOString(),
      answered: to.answeredAt?.toISOString() ?? null,
    };
  });
}

type Keyed = Pick<KeyedRecord, 'source' | 'key'> & { readonly number: number; readonly said: OwnSaid };
type Told = { readonly number: number; readonly said: OwnSaid; readonly to: PassedOnTo };

async function toldOf(
  tx: Tx,
  org: string,
  records: readonly Keyed[],
): Promise<{ readonly told: readonly Told[]; readonly names: ReadonlyMap<string, string> }> {
  const told: Told[] = [];
  for (const source of new Set(records.map((each) => each.source))) {
    const ours = new Map(
      records.flatMap((each) => (each.source === source ? [[each.key, each] as const] : [])),
    );
    for (const to of await passedOnOf(tx, org, source, [...ours.keys()])) {
      const whose = ours.get(to.recordKey);
      if (whose !== undefined) told.push({ number: whose.number, said: whose.said, to });
    }
  }
  return {
    told,
    names: await namesKept(
      tx,
      org,
      told.map(({ to }) => to.party),
    ),
  };
}

/** Of a correction, a restriction and an erasure it always is: what only reaches a record is passed on as a stop. */
const isOwn = ({ events }: OwnSaid, { kind, cause, settled }: PassedOnTo): boolean =>
  kind !== 'stop' || settled || events.has(cause);

/** Another's stop went before theirs: a second stop of a row is no second task. */
const isLateOwn = (said: OwnSaid, to: PassedOnTo): boolean => !isOwn(said, to) && said.stops.length > 0;

/** Where the evidence is gone, a stop of everything alone is sure to meet it. */
const meetsAny = ({ stops }: OwnSaid, made: ReleaseFacts | null): boolean =>
  stops.some(({ scope }) => isMet(scope, made));

/** By the very terms, without those above and below them: what is not sure to be theirs is not said to be. */
function isMet({ purpose, organisation, contactChannel, field }: Scope, made: ReleaseFacts | null): boolean {
  const among = (part: string, terms: readonly string[] | undefined): boolean =>
    part === 'all' || terms?.includes(part) === true;
  return (
    among(purpose, made?.request.purposes) &&
    among(
      organisation,
      made?.request.chain.map((party) => party.organisation),
    ) &&
    among(contactChannel, made?.request.contactChannels) &&
    field === 'all'
  );
}
