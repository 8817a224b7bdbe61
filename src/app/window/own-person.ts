/**
 * The records that are one member (C4): those with their e-mail address, and those that the same name at the same telephone,
 * home, or birth date and postcode shows to be theirs. Who only shares an address with them is somebody else.
 */
import { join } from 'node:path';
import type { Engine, Row } from '../../bulk/engine.ts';
import {
  foldPart,
  type HeldKey,
  heldKeys,
  keptColumn,
  keyHash,
  type Part,
  recordPart,
} from '../../bulk/ingest/keys.ts';
import type { Source } from '../../policy/model.ts';
import { mostRecords, type OwnRecord, ownRecordsIn, withoutHeld } from '../flow/own-records.ts';
import type { ReadSources } from '../flow/read-sources.ts';
import type { Service } from '../flow/service.ts';

export type PersonRecord = OwnRecord & {
  /** `email`: it bears the member's address. `linked`: another of one who bears it, by their whole name and more. */
  readonly how: 'email' | 'linked';
  /** The forename and surname, folded; null where the record does not hold both. */
  readonly name: string | null;
};

const parts = [
  'surname',
  'forename',
  'address',
  'postcode',
  'phone',
  'birth',
] as const satisfies readonly Part[];
type Known = Readonly<Record<(typeof parts)[number], string | null>>;
type Found = OwnRecord & { readonly known: Known };

/** Those with the address first, in order of source and record: pages number them by their place. */
export async function ownPersonIn(
  service: Service,
  org: string,
  read: ReadSources,
  email: string,
): Promise<readonly PersonRecord[]> {
  const own = await ownRecordsIn(service, org, read, email);
  if (own.length === 0) return [];
  const known: Found[] = [];
  for (const { source, dir } of await sourcesOf(read))
    known.push(...(await knownOf(read.engine, source, dir, own)));
  const linked = new Map<string, Found>();
  for (const one of known)
    for (const { source, dir } of await sourcesOf(read))
      for (const other of await linkedTo(read.engine, source, dir, one))
        if (!own.some((each) => isSame(each, other)))
          linked.set(JSON.stringify([other.source, other.record]), other);
  const nameOf = (each: OwnRecord): string | null =>
    fullName(known.find((found) => isSame(found, each))?.known);
  return [
    ...own.map((each) => ({ ...each, how: 'email' as const, name: nameOf(each) })),
    ...(await withoutHeld(service, org, read.workspace.root, [...linked.values()])).map(
      ({ source, record, known: of }) => ({ source, record, how: 'linked' as const, name: fullName(of) }),
    ),
  ];
}

async function sourcesOf({ workspace, dirOf }: ReadSources) {
  const found: { readonly source: Source; readonly dir: string }[] = [];
  for (const source of workspace.sources) found.push({ source, dir: await dirOf(source) });
  return found;
}

const isSame = (a: OwnRecord, b: OwnRecord): boolean => a.source === b.source && a.record === b.record;

const fullName = (known: Known | undefined): string | null =>
  known === undefined || known.forename === null || known.surname === null
    ? null
    : `${known.forename} ${known.surname}`;

/** Each part of a record, folded to text; null where the source has none. */
function columnsOf(engine: Engine, source: Source): string {
  const of = (part: Part): string => {
    const x = recordPart(engine, source, part, keptColumn(engine, 'r'));
    return x === null ? 'CAST(NULL AS VARCHAR)' : part === 'birth' ? engine.intake.text(x) : x;
  };
  return ['r.rid AS rid', ...parts.map((part) => `${of(part)} AS ${part}`)].join(', ');
}

function foundIn(source: Source, row: Row): Found {
  const textOf = (part: (typeof parts)[number]): string | null => {
    const value = row[part];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const known = Object.fromEntries(parts.map((part) => [part, textOf(part)])) as Known;
  return { source: source.id, record: String(row.rid), known };
}

async function knownOf(
  engine: Engine,
  source: Source,
  dir: string,
  own: readonly OwnRecord[],
): Promise<readonly Found[]> {
  const ids = own
    .filter((each) => each.source === source.id)
    .map(({ record }) => engine.dialect.literal(record));
  if (ids.length === 0) return [];
  const rows = await engine.rows(
    `SELECT ${columnsOf(engine, source)} FROM ${engine.dialect.parquet(join(dir, 'records.parquet'))} r
     WHERE r.rid IN (${ids.join(', ')})`,
  );
  return rows.map((row) => foundIn(source, row));
}

/** By the hashes first, then by the whole name; then each of the ways of being theirs is looked at in full. */
async function linkedTo(engine: Engine, source: Source, dir: string, one: Found): Promise<readonly Found[]> {
  const { forename, surname } = one.known;
  if (forename === null || surname === null) return [];
  const { dialect } = engine;
  const met = (['phone', 'birth', 'near'] as const).flatMap((key) => hashOf(engine, key, one.known) ?? []);
  if (met.length === 0) return [];
  const rows = await engine.rows(
    `SELECT * FROM (SELECT ${columnsOf(engine, source)} FROM ${dialect.parquet(join(dir, 'records.parquet'))} r
       WHERE ${met.join(' OR ')}) q
     WHERE q.forename = ${dialect.literal(forename)} AND q.surname = ${dialect.literal(surname)}
     ORDER BY q.rid LIMIT ${mostRecords + 1}`,
  );
  // A number or a home that so many of one name share is nobody's.
  if (rows.length > mostRecords) return [];
  return rows.map((row) => foundIn(source, row)).filter((other) => isOnePerson(one.known, other.known));
}

/** `m_<key>` is the hash of these parts; null where one of them is not known. */
function hashOf(engine: Engine, key: HeldKey, known: Known): string | null {
  const { dialect } = engine;
  const sqlOf = (part: Part): string | null => {
    if (part === 'three') return known.surname && foldPart(engine, 'three', dialect.literal(known.surname));
    const value = part === 'email' ? null : known[part];
    return value && (part === 'birth' ? dialect.date(value) : dialect.literal(value));
  };
  const needed: readonly Part[] = heldKeys[key];
  if (needed.some((part) => sqlOf(part) === null)) return null;
  return `r.m_${key} = ${keyHash(engine, key, (part) => sqlOf(part) ?? 'NULL')}`;
}

/** Of one name. Two birth dates are two people, father and son at one address. */
function isOnePerson(a: Known, b: Known): boolean {
  const alike = (...wanted: readonly (keyof Known)[]): boolean =>
    wanted.every((part) => a[part] !== null && a[part] === b[part]);
  if (!alike('forename', 'surname')) return false;
  if (a.birth !== null && b.birth !== null && a.birth !== b.birth) return false;
  return alike('phone') || alike('postcode', 'address') || alike('birth', 'postcode');
}
