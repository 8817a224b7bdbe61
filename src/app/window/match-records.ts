/** Records found by details that somebody gave: by the keys that stops are matched by (C4), folded in the same way. */
import { join } from 'node:path';
import type { Engine, Row } from '../../bulk/engine.ts';
import {
  foldPart,
  type HeldKey,
  keptColumn,
  keyHash,
  type Part,
  recordPart,
} from '../../bulk/ingest/keys.ts';
import type { Source } from '../../policy/model.ts';
import type { Details } from '../../store/preferences.ts';

/** Null: not given. A surname and a birth date are looked for at the postcode. */
export type Asked = Omit<Details, 'addressLine'> & { readonly record: string | null };

/** A source as it was last read. */
export type Held = { readonly engine: Engine; readonly source: Source; readonly dir: string };

const records = ({ engine, dir }: Held): string => engine.dialect.parquet(join(dir, 'records.parquet'));

/** All that was given must be theirs; at most `most` rows of `records.parquet`, in the order of their ids. */
export async function matchRecords(held: Held, asked: Asked, most: number): Promise<readonly Row[]> {
  const { engine } = held;
  const tests = conditions(held, asked);
  if (tests.length === 0) throw new RangeError('nobody is asked for');
  return engine.rows(
    `SELECT r.* FROM ${records(held)} r WHERE ${tests.join(' AND ')} ORDER BY r.rid LIMIT ${most}`,
  );
}

function conditions(held: Held, asked: Asked): readonly string[] {
  const { dialect } = held.engine;
  const same = (part: Part, value: string): string => {
    const x = ownPart(held, part);
    return x === null ? 'FALSE' : `${x} = ${given(held.engine, part, value)}`;
  };
  const keyed = (key: HeldKey, value: (part: Part) => string): string =>
    `r.m_${key} = ${keyHash(held.engine, key, value)}`;
  const { record, email, phone, surname, postcode, birthDate } = asked;
  const tests: string[] = [];
  if (record !== null) tests.push(`lower(r.rid) = lower(${dialect.literal(record)})`);
  if (email !== null)
    tests.push(
      keyed('email', () => given(held.engine, 'email', email)),
      same('email', email),
    );
  if (phone !== null)
    tests.push(
      keyed('phone', () => given(held.engine, 'phone', phone)),
      same('phone', phone),
    );
  if (postcode !== null)
    tests.push(
      keyed('postcode', () => given(held.engine, 'postcode', postcode)),
      same('postcode', postcode),
    );
  if (surname !== null) tests.push(same('surname', surname));
  if (birthDate !== null) tests.push(same('birth', birthDate));
  return tests;
}

const ownPart = ({ engine, source }: Held, part: Part): string | null =>
  recordPart(engine, source, part, keptColumn(engine, 'r'), true);

/** A birth date is written YYYY-MM-DD. */
const given = (engine: Engine, part: Part, value: string): string =>
  part === 'birth' ? engine.dialect.date(value) : foldPart(engine, part, engine.dialect.literal(value), true);

/** A stop that names no record, by what it came with. */
export type Letter = { readonly event: string; readonly details: Details };

/** How many records each matches surely, and how many it may plausibly be of (C4). */
export async function countMatches(
  held: Held,
  letters: readonly Letter[],
): Promise<ReadonlyMap<string, { readonly sure: number; readonly plausible: number }>> {
  const counts = new Map(letters.map(({ event }) => [event, { sure: 0, plausible: 0 }]));
  for (let from = 0; from < letters.length; from += lettersAtOnce) {
    const some = letters.slice(from, from + lettersAtOnce);
    const asked = some.map((letter) => letterSelect(held, letter)).join(' UNION ALL ');
    const rows = await held.engine.rows(
      `SELECT l.event, COUNT(DISTINCT CASE WHEN ${sure(held)} THEN r."row" END) AS sure,
         COUNT(DISTINCT CASE WHEN r.m_near = l.near THEN r."row" END) AS plausible
       FROM (${asked}) l JOIN (${mayMatch(held, some)}) r ON ${sure(held)} OR r.m_near = l.near GROUP BY l.event`,
    );
    for (const { event, ...found } of rows)
      counts.set(String(event), { sure: Number(found.sure), plausible: Number(found.plausible) });
  }
  return counts;
}
const lettersAtOnce = 100;

/** The records that a letter is surely of, as `matchRecords` gives them. */
export async function sureRecords(held: Held, letter: Letter, most: number): Promise<readonly Row[]> {
  return held.engine.rows(
    `SELECT r.* FROM (${mayMatch(held, [letter])}) r JOIN (${letterSelect(held, letter)}) l ON ${sure(held)} ORDER BY r.rid LIMIT ${most}`,
  );
}

/** The records that a letter may plausibly be of, as `matchRecords` gives them. */
export async function plausibleRecords(held: Held, letter: Letter, most: number): Promise<readonly Row[]> {
  return held.engine.rows(
    `SELECT r.* FROM ${records(held)} r JOIN (${letterSelect(held, letter)}) l ON r.m_near = l.near ORDER BY r.rid LIMIT ${most}`,
  );
}

function letterSelect({ engine }: Held, { event, details }: Letter): string {
  const { email, phone, surname, addressLine, postcode, birthDate } = details;
  const values: Readonly<Partial<Record<Part, string | null>>> = {
    ...{ email, phone, surname, three: surname, address: addressLine, postcode, birth: birthDate },
  };
  const part = (of: Part): string => {
    const value = values[of] ?? null;
    return value === null ? 'CAST(NULL AS VARCHAR)' : given(engine, of, value);
  };
  const key = (of: HeldKey): string => `${keyHash(engine, of, part)} AS ${of}`;
  return `SELECT ${engine.dialect.literal(event)} AS event, ${(['email', 'phone', 'birth', 'near'] as const).map(key).join(', ')},
    ${part('surname')} AS surname, ${part('address')} AS address, ${part('postcode')} AS postcode`;
}

/** E-mail, phone, birth date with postcode, or home: those of `sureKinds`. */
function sure(held: Held): string {
  const homes = (['surname', 'address', 'postcode'] as const).map((part) => {
    const x = ownPart(held, part);
    return x === null ? 'FALSE' : `${x} = l.${part}`;
  });
  return `r.m_email = l.email OR r.m_phone = l.phone OR r.m_birth = l.birth OR (r.m_near = l.near AND ${homes.join(' AND ')})`;
}

/** The few records that share a key with any of them: the join compares these alone. */
function mayMatch(held: Held, letters: readonly Letter[]): string {
  const keys = letters.map((letter) => letterSelect(held, letter)).join(' UNION ALL ');
  const holds = (['email', 'phone', 'birth', 'near'] as const).map(
    (key) => `q.m_${key} IN (SELECT x.${key} FROM (${keys}) x WHERE x.${key} IS NOT NULL)`,
  );
  return `SELECT q.* FROM ${records(held)} q WHERE ${holds.join(' OR ')}`;
}
