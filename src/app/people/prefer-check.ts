/**
 * What an entry desk is told at once: every part of a preference event is held against the workspace before anything
 * is recorded. Later it would be read as wide as can be (A5), and nobody would be there to ask.
 */
import { contactChannel } from '../../documents/leaves.ts';
import { nearest } from '../../documents/nearest.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { firstDay, isDate } from '../../policy/dates.ts';
import { moment } from '../../policy/figures.ts';
import { firstThree, foldEmail, foldName, foldPhone, foldPostcode } from '../../policy/fold.ts';
import type { Scope, Source } from '../../policy/model.ts';
import {
  isStop,
  type PreferenceType,
  preferenceTypes,
  receivedBy,
  receivedByItself,
} from '../../policy/preference-event.ts';
import { isSureTime, timeOf } from '../../policy/times.ts';
import { isPersonalData, isPurpose, personalData, purposes } from '../../policy/vocab.ts';
import type { Details } from '../../store/preferences.ts';

/** As it was typed; null: left out. */
export type PreferenceEntry = {
  readonly source: string;
  readonly person: string | null;
  readonly details: Details;
  readonly kind: string;
  readonly purpose: string | null;
  readonly organisation: string | null;
  readonly channel: string | null;
  readonly field: string | null;
  readonly notice: string | null;
  readonly consent: string | null;
  readonly lifts: string | null;
  readonly delivery: string | null;
  readonly by: string;
  readonly signed: string | null;
  readonly received: string | null;
};
export type PreferRefusal =
  | 'kind-unknown'
  | 'received-by-unknown'
  | 'purpose-unknown'
  | 'organisation-unknown'
  | 'channel-unknown'
  | 'field-unknown'
  | 'notice-unknown'
  | 'consent-unknown'
  | 'delivery-unknown'
  /** An option that an event of its kind must have, or has no use for. */
  | 'option-missing'
  | 'option-unfitting'
  /** A permission is of a record, and of no other (C4). */
  | 'person-needed'
  /** Nothing that a record could be found by. */
  | 'details-too-few'
  | 'text-malformed'
  | 'time-malformed'
  | 'time-missing'
  | 'time-future'
  | 'time-disorder'
  /** No such event of that person, or none that can be lifted or resolved. */
  | 'lifts-unknown'
  | 'already-resolved';
export type Refused = {
  readonly kind: 'refused';
  readonly code: PreferRefusal;
  readonly message: string;
};
export type CheckedEntry = {
  readonly kind: 'checked';
  readonly source: Source;
  readonly type: PreferenceType;
  readonly record: string | null;
  readonly details: Details;
  readonly scope: Scope;
  readonly notice: string | null;
  readonly consent: string | null;
  readonly lifts: string | null;
  readonly delivery: string | null;
  readonly signed: string;
  readonly received: string;
  readonly receivedBy: (typeof receivedBy)[number];
};

const refuse = (code: PreferRefusal, message: string): Refused => ({ kind: 'refused', code, message });
const deliveries = ['delivered', 'sent', 'bounced'] as const;
const channels: readonly string[] = contactChannel.options;

/** `now` in milliseconds: the present, or the fixed clock of a reconstruction. */
export function checkEntry(
  workspace: Workspace,
  source: Source,
  given: PreferenceEntry,
  now: number,
): CheckedEntry | Refused {
  const entry = trimmed(given);
  const malformed = malformedText(entry);
  if (malformed !== null)
    return refuse('text-malformed', `${malformed} holds a line end or another character that is no text`);
  const type = preferenceTypes.find((each) => each === entry.kind);
  if (type === undefined) return unknown('kind-unknown', 'kind', entry.kind, preferenceTypes);
  const by = receivedBy.find((each) => each === entry.by);
  if (by === undefined) return unknown('received-by-unknown', 'way it was received', entry.by, receivedBy);
  const scope: Scope = {
    purpose: entry.purpose ?? 'all',
    organisation: entry.organisation ?? 'all',
    contactChannel: entry.channel ?? 'all',
    field: entry.field ?? 'all',
  };
  const fault =
    scopeFault(workspace, source, scope) ??
    documentFault(workspace, type, entry) ??
    personFault(type, entry) ??
    null;
  if (fault !== null) return fault;
  const times = timesOf(entry, by, now);
  if (times.kind === 'refused') return times;
  return {
    kind: 'checked',
    source,
    type,
    record: entry.person,
    details: entry.details,
    scope,
    notice: entry.notice,
    consent: entry.consent,
    lifts: entry.lifts,
    delivery: entry.delivery,
    signed: times.signed,
    received: times.received,
    receivedBy: by,
  };
}

function unknown(
  code: PreferRefusal,
  what: string,
  found: string,
  known: Iterable<string>,
  also?: ReadonlyMap<string, string>,
): Refused {
  const all = [...known];
  const meant = nearest(found, [...all, ...(also?.keys() ?? [])]);
  const hint =
    meant !== null
      ? `did you mean "${also?.get(meant) ?? meant}"?`
      : all.length <= 12
        ? `known are: ${all.join(', ') || 'none'}`
        : 'see astold vocab';
  return refuse(code, `no ${what} "${found}"; ${hint}`);
}

function scopeFault(workspace: Workspace, source: Source, scope: Scope): Refused | null {
  const { purpose, organisation, contactChannel: channel, field } = scope;
  if (purpose !== 'all' && !isPurpose(purpose))
    return unknown('purpose-unknown', 'purpose', purpose, purposes.keys());
  const register = workspace.organisations;
  if (organisation !== 'all' && !register.some(({ id }) => id === organisation)) {
    const names = new Map(register.flatMap((o) => [o.legalName, ...o.aliases].map((name) => [name, o.id])));
    const ids = register.map(({ id }) => id);
    return unknown('organisation-unknown', 'organisation', organisation, ids, names);
  }
  if (channel !== 'all' && !channels.includes(channel))
    return unknown('channel-unknown', 'contact channel', channel, channels);
  const fields = source.fields.map(({ name }) => name);
  if (field !== 'all' && !fields.includes(field) && !isPersonalData(field))
    return unknown('field-unknown', 'field', field, [...fields, ...personalData.keys()]);
  return null;
}

/** The parts beside the scope: which a kind must have, and which it has no use for. */
function documentFault({ notices }: Workspace, type: PreferenceType, entry: PreferenceEntry): Refused | null {
  const needed: readonly (keyof PreferenceEntry)[] =
    type === 'consent'
      ? ['notice', 'consent']
      : type === 'presented'
        ? ['notice', 'delivery']
        : type === 'lift' || type === 'resolution'
          ? ['lifts']
          : [];
  // Which consent was taken back may be said; what is stopped, the scope says.
  const allowed: readonly (keyof PreferenceEntry)[] =
    type === 'withdrawal' ? ['notice', 'consent'] : [...needed];
  for (const option of ['notice', 'consent', 'lifts', 'delivery'] as const) {
    if (entry[option] === null && needed.includes(option))
      return refuse('option-missing', `an event of the kind ${type} must say --${option}`);
    if (entry[option] !== null && !allowed.includes(option))
      return refuse('option-unfitting', `an event of the kind ${type} has no --${option}`);
  }
  if (entry.consent !== null && entry.notice === null)
    return refuse('option-missing', 'a consent is one of a notice: say --notice too');
  const scoped = [entry.purpose, entry.organisation, entry.channel, entry.field].some((p) => p !== null);
  if (scoped && (type === 'presented' || type === 'lift' || type === 'resolution'))
    return refuse('option-unfitting', `an event of the kind ${type} has no scope`);
  if (entry.delivery !== null && !deliveries.some((each) => each === entry.delivery))
    return unknown('delivery-unknown', 'delivery', entry.delivery, deliveries);
  if (entry.notice === null) return null;
  const notice = notices.find(({ id }) => id === entry.notice);
  if (notice === undefined) {
    const ids = notices.map(({ id }) => id);
    return unknown('notice-unknown', 'notice', entry.notice, ids);
  }
  if (entry.consent !== null && !notice.consents.some(({ id }) => id === entry.consent)) {
    const ids = notice.consents.map(({ id }) => id);
    return unknown('consent-unknown', `consent of ${notice.id}`, entry.consent, ids);
  }
  return null;
}

function personFault(type: PreferenceType, { person, details }: PreferenceEntry): Refused | null {
  if (person !== null) {
    // What stands for an id that was erased is no id.
    if (/^key:[0-9a-f]{32}$/.test(person))
      return refuse('text-malformed', 'a record id does not begin with "key:" and 32 hex digits');
    return null;
  }
  // It is of a stop: whose that is, the stops say that are recorded with it.
  if (type === 'resolution')
    return Object.values(details).every((part) => part === null)
      ? null
      : refuse('option-unfitting', 'a resolution comes with no details of anybody');
  if (!isStop(type))
    return refuse('person-needed', `an event of the kind ${type} is of one record: name it with --person`);
  return matchable(details)
    ? null
    : refuse(
        'details-too-few',
        'nobody can be found by these details: give --person, or --email, or --phone, or --postcode with --surname or --birth-date',
      );
}

/** Whether a record can be found by them: the keys of `docs/formats.md`, "Matching keys". */
function matchable({ email, phone, surname, postcode, birthDate }: Details): boolean {
  const at = foldPostcode(postcode ?? '') !== '';
  return (
    foldEmail(email ?? '') !== '' ||
    foldPhone(phone ?? '') !== '' ||
    (at && firstThree(foldName(surname ?? '')) !== '') ||
    (at && birthDate !== null)
  );
}

type Times = { readonly kind: 'times'; readonly signed: string; readonly received: string };

function timesOf(entry: PreferenceEntry, by: (typeof receivedBy)[number], now: number): Times | Refused {
  const { birthDate } = entry.details;
  if (birthDate !== null && !isDate(birthDate))
    return refuse('time-malformed', '--birth-date is not a date written YYYY-MM-DD');
  const present = new Date(now).toISOString();
  if (!receivedByItself.has(by) && (entry.signed === null || entry.received === null)) {
    const lacking = entry.signed === null ? 'signed' : 'received';
    return refuse('time-missing', `what came by ${by} must say when: --${lacking} is not given`);
  }
  // Where one of the two was typed, the other is taken from it: what is wrong is what was typed.
  const typed = entry.signed === null ? 'received' : 'signed';
  const received = entry.received ?? present;
  const signed = entry.signed ?? received;
  const [a, b] = [signed, received].map((text) => (isSureTime(text) ? timeOf(text) : null));
  if (!a || !b) {
    const wrong = a ? 'received' : typed;
    const form = 'a date (YYYY-MM-DD) or a time with its offset (2026-11-21T10:00:00+00:00)';
    return refuse('time-malformed', `--${wrong} is not ${form}`);
  }
  if (signed < firstDay || received < firstDay)
    return refuse('time-malformed', `--${signed < firstDay ? typed : 'received'} is before 1900`);
  if (b.earliest > now || a.earliest > now)
    return refuse(
      'time-future',
      `--${a.earliest > now ? typed : 'received'} is after now, ${moment(present)}`,
    );
  if (a.earliest > b.latest)
    return refuse(
      'time-disorder',
      `it was signed on ${moment(signed)}, after it was received on ${moment(received)}`,
    );
  return { kind: 'times', signed, received };
}

function trimmed(entry: PreferenceEntry): PreferenceEntry {
  const clean = <T extends object>(part: T): T =>
    Object.fromEntries(
      Object.entries(part).map(([key, value]) => [key, typeof value === 'string' ? orNone(value) : value]),
    ) as T;
  return { ...clean(entry), kind: entry.kind.trim(), by: entry.by.trim(), details: clean(entry.details) };
}
const orNone = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** Which option holds what no cell of a table may hold. */
function malformedText({ details, ...entry }: PreferenceEntry): string | null {
  for (const [name, value] of Object.entries({ ...entry, ...details })) {
    if (typeof value === 'string' && (/\p{Cc}/u.test(value) || !value.isWellFormed() || value.length > 200))
      return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  }
  return null;
}
