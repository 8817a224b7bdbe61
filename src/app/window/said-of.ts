/** What somebody said of their data: recorded here with a receipt, in a file that came with the records, or in the record itself. */
import { z } from 'zod';
import type { Row } from '../../bulk/engine.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { dayOf, startOf } from '../../policy/dates.ts';
import { parseFirst, shownAtCollection } from '../../policy/history.ts';
import type { Scope } from '../../policy/model.ts';
import { timeOf } from '../../policy/times.ts';
import { label } from '../../policy/vocab.ts';
import { scopeOf as scopeInRow } from '../gate/event-rows.ts';
import type { PreferOptions } from '../people/prefer.ts';
import { type RecordedEvent, recordedOf } from '../people/recorded-of.ts';
import type { WordingOf } from './agreed-wording.ts';
import type { RecordRead } from './read-record.ts';
import { dayIn, lastDayIn } from './standing.ts';

const scopePart = z.string().nullable();
const saidItem = z.object({
  /** Of the record that it was said of. */
  number: z.number().int(),
  /** `here`: with an entry in the log, and a receipt. `file`: of a file that came with the records. `record`: of its own column. */
  where: z.enum(['here', 'file', 'record']),
  event: z.string().nullable(),
  kind: z.enum(['stop', 'objection', 'consent', 'withdrawal', 'restriction', 'erasure', 'lift']),
  /** A part that is null is all. Null itself: of a yes, which is to its words alone; and of a stop taken back that is not known here. */
  scope: z
    .object({ purpose: scopePart, organisation: scopePart, channel: scopePart, field: scopePart })
    .nullable(),
  /** The words that the yes was to; null where they are not known here, or may have been others then. */
  wording: z.string().nullable(),
  /** By which the words are found. */
  notice: z.string().nullable(),
  consent: z.string().nullable(),
  /** The event of the stop taken back. */
  lifts: z.string().nullable(),
  /** When it reached the organisation; of a file, when it was said. A bare day, where that is all that a file has. */
  at: z.string().nullable(),
  /** When they wrote or said it, where that was on another day than it reached us. */
  signed: z.string().nullable(),
  by: z.string().nullable(),
});
export const saidView = z.object({ items: z.array(saidItem) }).meta({ id: 'SaidOf' });
export type Said = z.output<typeof saidView>;
export type SaidItem = z.output<typeof saidItem>;

/** The latest first. */
export async function saidOf(
  workspace: Workspace,
  records: readonly RecordRead[],
  wordingOf: WordingOf,
  options: PreferOptions,
): Promise<Said> {
  const ground: Ground = { workspace, wordingOf };
  const items: SaidItem[] = [];
  for (const read of records) {
    const here = await saidHere(ground, read, options);
    const known = new Set(here.map(({ event }) => event));
    items.push(
      ...here,
      ...saidInFiles(ground, read).filter(({ event }) => !known.has(event)),
      ...consentsHeld(ground, read),
    );
  }
  return { items: items.sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1)) };
}

type Ground = { readonly workspace: Workspace; readonly wordingOf: WordingOf };

async function saidHere(ground: Ground, read: RecordRead, options: PreferOptions): Promise<SaidItem[]> {
  const { workspace } = ground;
  const { events } = await recordedOf(workspace, read.source, read.record, options);
  const scopes = new Map(
    events.flatMap(({ event, said }) =>
      said === null ? [] : [[event, scopeOf(workspace, said.scope)] as const],
    ),
  );
  return events.flatMap(({ event, said }) => {
    // What they were shown they did not say; what was erased is not here.
    if (said === null || said.type === 'presented' || said.type === 'resolution') return [];
    const { type, signed, received, receivedBy } = said;
    return {
      ...{ number: read.number, where: 'here' as const, event, kind: type, at: received },
      ...whatOf(ground, read, said, scopes),
      ...{ signed: dayOfText(signed) === dayOfText(received) ? null : signed, by: receivedBy },
    };
  });
}

type What = Pick<SaidItem, 'scope' | 'wording' | 'notice' | 'consent' | 'lifts'>;
type Uttered = Pick<NonNullable<RecordedEvent['said']>, 'type' | 'scope' | 'notice' | 'consent' | 'lifts'> & {
  readonly signed: string | number | null;
};

/** `scopes`: of the events that were recorded here. */
function whatOf(
  { workspace, wordingOf }: Ground,
  { stops }: RecordRead,
  { type, scope, notice, consent, lifts, signed }: Uttered,
  scopes: ReadonlyMap<string, NonNullable<SaidItem['scope']>>,
): What {
  // When a yes was said that is taken back, nothing here says.
  const wording = known(wordingOf(notice, consent, type === 'consent' ? signed : null));
  const said = { wording, notice, consent, lifts };
  if (type === 'consent') return { ...said, scope: null };
  if (type !== 'lift') return { ...said, scope: scopeOf(workspace, scope) };
  if (lifts === null) return { ...said, scope: null };
  const inFile = stops.find(({ event }) => event === lifts);
  const read = inFile === undefined ? null : scopeOf(workspace, scopeInRow(inFile));
  return { ...said, scope: scopes.get(lifts) ?? read };
}

const known = (wording: ReturnType<WordingOf>): string | null =>
  wording === null || wording.changed ? null : wording.text;

function saidInFiles(ground: Ground, read: RecordRead): readonly SaidItem[] {
  const { number, stops, permissions } = read;
  const item = (row: Row, kind: SaidItem['kind'], at: Row[string] | undefined): SaidItem => {
    const said = {
      ...{ type: kind === 'stop' ? ('objection' as const) : kind, scope: scopeInRow(row) },
      ...{ notice: textOf(row.notice), consent: textOf(row.consent), lifts: textOf(row.lifts) },
      signed: typeof at === 'number' || typeof at === 'bigint' ? Number(at) : null,
    };
    return {
      ...{ number, where: 'file' as const, event: textOf(row.event), kind, signed: null, by: null },
      ...whatOf(ground, read, said, new Map()),
      at: saidFrom(at),
    };
  };
  return [
    ...stops.map((row) => item(row, 'stop', row.from_lo)),
    ...permissions.map((row) => item(row, row.kind === 'lift' ? 'lift' : 'consent', row.signed_lo)),
  ];
}

/** Consents kept in columns of the record: those that were given. */
function consentsHeld(
  { workspace, wordingOf }: Ground,
  { number, from, row }: RecordRead,
): readonly SaidItem[] {
  const primary = from.collections[0];
  const key = row[`h_${primary?.id}`];
  const shown =
    primary === undefined || typeof key !== 'string'
      ? []
      : shownAtCollection(parseFirst(key).base, primary, workspace.notices).candidates.map(({ id }) => id);
  const given = from.consents.flatMap(({ consent, notice }, i): readonly SaidItem[] => {
    if (row[`k_${i}`] !== true) return [];
    const at = row[`k_${i}_at`];
    const [asked] = (notice === null ? shown : [notice]).flatMap((id) => {
      const wording = wordingOf(id, consent, dayIn(at));
      return wording === null ? [] : [{ notice: id, wording: known(wording) }];
    });
    if (asked === undefined) return [];
    return [
      {
        ...{ number, where: 'record' as const, event: null, kind: 'consent' as const, by: null },
        ...{ signed: null, scope: null, wording: asked.wording },
        ...{ notice: asked.notice, consent, lifts: null, at: saidBy(at) },
      },
    ];
  });
  const wordsIn = ({ wording, notice, consent }: SaidItem): string => wording ?? `${notice} ${consent}`;
  return given.filter((one, i) => given.findIndex((each) => wordsIn(each) === wordsIn(one)) === i);
}

/** Of the earliest instant that it can be: a bare day begins an hour before it, as the gate reads it (`startOf`). */
function saidFrom(at: Row[string] | undefined): string | null {
  const on = dayIn(at);
  return on === null || Number(at) === startOf(on) ? on : new Date(Number(at)).toISOString();
}

/** Of the latest: a bare day ends at the midnight after it. */
function saidBy(at: Row[string] | undefined): string | null {
  const on = lastDayIn(at);
  return on === null || Number(at) % day === 0 ? on : new Date(Number(at)).toISOString();
}
const day = 86_400_000;

/** The day in London, of a date or a time. */
const dayOfText = (text: string): string =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : dayOf(timeOf(text)?.latest ?? 0);

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** In people's words; null is all. */
function scopeOf({ organisations }: Workspace, scope: Scope): NonNullable<SaidItem['scope']> {
  const some = (part: string): string | null => (part === 'all' ? null : part);
  const [purpose, organisation] = [some(scope.purpose), some(scope.organisation)];
  const [channel, field] = [some(scope.contactChannel), some(scope.field)];
  const named = organisations.find(({ id }) => id === organisation)?.legalName;
  return {
    purpose: purpose ? label(purpose) : null,
    organisation: named ?? organisation,
    channel,
    field: field ? label(field) : null,
  };
}
