/** A random workspace as typed documents, and its files as raw cells, which ingest and the twin both read. */
import type { GateContext } from '../../src/policy/judgement.ts';
import type { CivilDate, Instant, Source, SuppressionList } from '../../src/policy/model.ts';

export type Cells = Record<string, string>;
export type RawList = { readonly list: SuppressionList; readonly rows: readonly Cells[] };
/** One request on one world; `lists` and preference readability may be overruled to reach their reasons. */
export type Policy = { readonly name: string; readonly context: Omit<GateContext, 'source'> };
export type World = {
  readonly source: Source;
  readonly records: readonly Cells[];
  readonly events: readonly Cells[];
  readonly areas: readonly (readonly [postcode: string, area: string])[];
  readonly lists: readonly RawList[];
  readonly policies: readonly Policy[];
};
/** The instant and day the world turns about. */
export type Present = { readonly cutOff: Instant; readonly day: CivilDate };

export const recordColumns = [
  'id',
  'forename',
  'surname',
  'address',
  'postcode',
  'email',
  'phone',
  'dob',
  'faith',
  'odd',
  'tier',
  'score',
  'active',
  'seen',
  'left',
  'died',
  'gone',
  'c1',
  'c1_died',
  'c1_name',
  'c2',
  'c2_died',
  'joined',
  'notice',
  'form',
  'channel',
  'origin',
  'kids_notice',
  'kids_on',
  'optin',
  'optin_on',
  'named',
  'named_on',
  'renotice',
  'renotice_on',
  'renotice_status',
  'mailed_on',
  'mailed_how',
  'mailed_again',
] as const;
export type RecordColumn = (typeof recordColumns)[number];
export type RawRecord = Record<RecordColumn, string>;

export const eventColumns = [
  'event',
  'record',
  'kind',
  'purpose',
  'organisation',
  'contact-channel',
  'field',
  'notice',
  'consent',
  'lifts',
  'delivery',
  'signed',
  'received',
  'logged',
  'email',
  'phone',
  'surname',
  'address-line',
  'postcode',
  'birth-date',
] as const;
export type EventColumn = (typeof eventColumns)[number];
export type RawEvent = Partial<Record<EventColumn, string>> & { event: string; kind: string };

/** A CSV text of these columns; every cell quoted where it must be. */
export function csvOf(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, string | undefined>>[],
): string {
  const cell = (text: string): string =>
    /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => `${cells.map(cell).join(',')}\n`)
    .join('');
}
