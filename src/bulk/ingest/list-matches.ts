/** Which records the entries of a list reach: `row` and `match` (exact, near, or unmatchable), each row once (C5). */
import type { Source, SuppressionList } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { foldPart, heldKeys, keptColumn, keyKinds, type Part, recordPart, recordText } from './keys.ts';
import { kindsOf, type MatchKind } from './list-entries.ts';
import { entriesTable, kindsAsked, metBy, sureParts } from './list-keys.ts';

/** Over the entries table and `records`, a table of the snapshot's records. */
export function matchesSelect(
  engine: Engine,
  source: Source,
  list: SuppressionList,
  records: string,
): string {
  const { exact, near } = kindsOf(list);
  // Those met by one hash are told apart in one pass: whoever is the same person is near.
  const meetings = new Map<string, MatchKind[]>();
  for (const kind of exact) {
    const key = metBy(kind) ?? 'record';
    meetings.set(key, [...(meetings.get(key) ?? []), kind]);
  }
  if (near && !meetings.has('near')) meetings.set('near', []);
  const selects = [...meetings].map(([key, kinds]) =>
    met(engine, source, records, key, kinds, near && key === 'near'),
  );
  if (isPostal(list.level)) selects.push(unmatchable(engine, source, records, kindsAsked(list)));
  // In this order of letters an exact match comes before a near one, and any before none that was possible.
  return `SELECT "row", MIN(match) AS match FROM (${selects.join(' UNION ALL ')}) WHERE match IS NOT NULL GROUP BY "row"`;
}

/** The pairs that meet by one key: exact where the texts of one of `kinds` are the same too. */
function met(
  engine: Engine,
  source: Source,
  records: string,
  key: string,
  kinds: readonly MatchKind[],
  nearToo: boolean,
): string {
  const on = key === 'record' ? 'r.rid = e.record' : `r.m_${key} = e.key_${key}`;
  const parts = [...new Set(kinds.flatMap(sureParts))].filter((part) => part !== 'record');
  const theirs = parts.map((part) => `e.${part} AS e_${part}`);
  // A part that the source does not have is nobody's: it is null, and the same as nothing.
  const text = (part: Part): string =>
    recordText(engine, source, part, keptColumn(engine, 'r')) ?? 'CAST(NULL AS VARCHAR)';
  const ours = parts.map((part) => `${text(part)} AS r_${part}`);
  const same = (part: Part): string =>
    `coalesce(${foldPart(engine, part, `r_${part}`, true)} = ${foldPart(engine, part, `e_${part}`, true)}, FALSE)`;
  const sure = kinds.map((kind) => {
    const compared = sureParts(kind).flatMap((part) => (part === 'record' ? [] : [same(part)]));
    return compared.length === 0 ? 'TRUE' : `(${compared.join(' AND ')})`;
  });
  const exact = sure.length === 0 ? 'FALSE' : sure.join(' OR ');
  return `SELECT "row", CASE WHEN ${exact} THEN 'exact' ELSE ${nearToo ? `'near'` : 'NULL'} END AS match FROM
    (SELECT ${['r."row"', ...ours, ...theirs].join(', ')} FROM ${records} r JOIN ${entriesTable} e ON ${on})`;
}

/** A list of people or homes: whoever is written to has a name and an address to be matched by. */
const isPostal = (level: SuppressionList['level']): boolean =>
  level === 'person' || level === 'surname-at-address' || level === 'address';

/** The records that lack a part of every key the list is matched by: nothing says they are not on it (C5, C9). */
function unmatchable(engine: Engine, source: Source, records: string, kinds: readonly MatchKind[]): string {
  const lacks = kinds.map((kind) => {
    const key = metBy(kind);
    if (kind === 'record' || key === null) return 'FALSE';
    // What the hash is made of is seen by the hash; the rest is folded, for those who have one.
    const made: readonly Part[] = heldKeys[key];
    const parts: readonly Part[] = keyKinds[kind];
    const rest = parts.filter((part) => !made.includes(part) && !(part === 'surname' && key === 'near'));
    const absent = rest.map(
      (part) => `${recordPart(engine, source, part, keptColumn(engine, 'r'), true) ?? 'NULL'} IS NULL`,
    );
    return absent.length === 0
      ? `r.m_${key} IS NULL`
      : `CASE WHEN r.m_${key} IS NULL THEN TRUE ELSE ${absent.join(' OR ')} END`;
  });
  // The cheapest are asked first, and the others only of whom those do not rule out.
  const inOrder = [...new Set(lacks)].sort((a, b) => a.length - b.length);
  const all = inOrder.reduceRight((rest, lack) => `CASE WHEN ${lack} THEN ${rest} ELSE FALSE END`, 'TRUE');
  return `SELECT r."row", 'unmatchable' AS match FROM ${records} r WHERE ${all}`;
}
