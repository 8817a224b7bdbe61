/**
 * What somebody said of their data, recorded with its entry in the log, and their receipt: as the steward keys it for
 * them, or as they say it themselves of their own records.
 */
import { z } from 'zod';
import { VaultError } from '../../bulk/vault.ts';
import { isStop, preferenceTypes } from '../../policy/preference-event.ts';
import { onceIn } from '../../store/postgres/once-in.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { transactionOf } from '../../store/postgres/transaction-of.ts';
import { GateError } from '../gate/context.ts';
import { type EventLogged, type KnownByKey, prefer, preferKnown } from '../people/prefer.ts';
import type { PreferenceEntry } from '../people/prefer-check.ts';
import { ownRecords } from './own-records.ts';
import { peopleOptions } from './people-options.ts';
import { queueWebhook } from './queue-webhook.ts';
import { readWorkspace } from './read-workspace.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

const text = z.string().max(200).nullable().default(null);
export const recordPreferenceInput = z.strictObject({
  source: z.string().max(80),
  /** The record id; of a member one of their own. */
  person: text,
  email: text,
  phone: text,
  surname: text,
  addressLine: text,
  postcode: text,
  birthDate: text,
  kind: z.string().max(40),
  purpose: text,
  organisation: text,
  channel: text,
  field: text,
  notice: text,
  consent: text,
  lifts: text,
  delivery: text,
  /** How it reached us; of a member always web. */
  by: z.string().max(40).default('web'),
  signed: text,
  received: text,
});
type Input = z.output<typeof recordPreferenceInput>;
export const preferenceView = z
  .object({
    event: z.string(),
    /** Of its entry in the log. */
    entry: z.number().int(),
    /** Theirs to keep: it holds against the organisation. Not in an answer that is said again: it is read at its event. */
    receipt: z.looseObject({}).optional(),
  })
  .meta({ id: 'Preference' });

/** Refuses `not-found` for a record that is not a member's own, `preference-refused` with the reason. */
export async function recordPreference(
  service: Service,
  actor: Actor,
  input: Input,
): Promise<Answer<z.output<typeof preferenceView>>> {
  const given = actor.kind === 'member' ? await ofMember(service, actor, input) : done(input);
  return given.kind === 'refused' ? given : recordFor(service, actor.org, given.value);
}

/**
 * The same for whoever was found to speak for the record; `also` writes with the event and its log entry. `known` is all that
 * there is of somebody whose record nobody can name: then `input` names none. Refuses `preference-refused`.
 */
export async function recordFor(
  service: Service,
  org: string,
  input: Input,
  also?: (tx: Tx, event: string) => Promise<void>,
  known?: KnownByKey,
): Promise<Answer<z.output<typeof preferenceView>>> {
  const workspace = await readWorkspace(service, org);
  const options = peopleOptions(service, org);
  let event = '';
  const alongside = async (tx: Parameters<typeof transactionOf>[0], logged: EventLogged): Promise<void> => {
    event = logged.event.event;
    const state = transactionOf(tx);
    await also?.(state, event);
    if (!isStop(logged.event.type)) return;
    const data = { entry: logged.index.toString() };
    const told = { event: 'stop.recorded', parties: await holding(state, org), data } as const;
    await queueWebhook(state, org, told, service.now());
  };
  try {
    const recording = { ...options, alongside };
    const preferred =
      known === undefined
        ? await prefer(workspace, entryOf(input), recording)
        : await preferKnown(workspace, entryOf(input), known, recording);
    if (preferred.kind === 'refused') return refused('preference-refused', preferred.message);
    const receipt: unknown = preferred.receipt;
    return done({ event, entry: Number(preferred.index), receipt: receipt as Record<string, unknown> });
  } catch (error) {
    const ofPerson =
      error instanceof VaultError && ['record-unknown', 'secrets-destroyed'].includes(error.code);
    const ofSource = error instanceof GateError && error.code === 'source-unknown';
    if (ofPerson || ofSource) return refused('preference-refused', error.message);
    throw error;
  }
}

/** The parties that hold data: those that have not said that they deleted what they got. */
export const holding = onceIn(async (tx: Tx, org): Promise<readonly string[]> => {
  const duties = await tx
    .selectFrom('duty')
    .select('party')
    .distinct()
    .where('org', '=', org)
    .where('kind', '=', 'delete')
    .where('claimed_at', 'is', null)
    .execute();
  return duties.map(({ party }) => party);
});

/** A member speaks for their own records, on the web, and now. */
async function ofMember(
  service: Service,
  { org, email }: Extract<Actor, { kind: 'member' }>,
  input: Input,
): Promise<Answer<Input>> {
  const unknown = refused('not-found', 'no record of yours is there under that id');
  const own = (await ownRecords(service, org, email)).filter(({ source }) => source === input.source);
  const [first] = own;
  if (first === undefined) return unknown;
  if (input.person !== null && !own.some(({ record }) => record === input.person)) return unknown;
  // A stop reaches every record with that address; a permission is of one record, which must be named.
  const type = preferenceTypes.find((each) => each === input.kind);
  if (input.person === null && own.length > 1 && (type === undefined || !isStop(type)))
    return refused('preference-refused', 'more than one record is yours: say which');
  const nobody = { phone: null, surname: null, addressLine: null, postcode: null, birthDate: null };
  const now = { by: 'web', signed: null, received: null, delivery: null };
  return done({ ...input, ...nobody, ...now, email: null, person: input.person ?? first.record });
}

export function entryOf({
  email,
  phone,
  surname,
  addressLine,
  postcode,
  birthDate,
  ...entry
}: Input): PreferenceEntry {
  return { ...entry, details: { email, phone, surname, addressLine, postcode, birthDate } };
}
