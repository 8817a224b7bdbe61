/** One record as it was last read from its source. */
import { join } from 'node:path';
import type { Row, SqlValue } from '../../bulk/engine.ts';
import type { Source } from '../../policy/model.ts';
import type { OwnRecord } from '../flow/own-records.ts';
import { type ReadSources, readSources } from '../flow/read-sources.ts';
import type { Actor, Service } from '../flow/service.ts';
import { ownPersonIn } from './own-person.ts';

export type HeldRecord = {
  readonly source: Source;
  readonly record: string;
  /** The columns of `records.parquet`. */
  readonly row: Row;
};

/** Null where its source has no such record, or is not there. Opens the engine. */
export const heldRecord = (service: Service, org: string, own: OwnRecord): Promise<HeldRecord | null> =>
  readSources(service, org, (read) => heldIn(read, own));

/** What stands in the field of a role, as text; null where nothing does. */
export function roleText({ source, row }: HeldRecord, role: keyof Source['roles']): string | null {
  const name = source.roles[role];
  const value = name === null ? null : row[`f_${name}`];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** The records that are a member, in the order that pages number them by. Opens the engine once. */
export async function ownHeld(service: Service, { org, email }: Member): Promise<readonly HeldRecord[]> {
  return readSources(service, org, async (read) => {
    const found: HeldRecord[] = [];
    for (const own of await ownPersonIn(service, org, read, email)) {
      const held = await heldIn(read, own);
      if (held !== null) found.push(held);
    }
    return found;
  });
}
type Member = Extract<Actor, { kind: 'member' }>;

async function heldIn({ workspace, engine, dirOf }: ReadSources, own: OwnRecord): Promise<HeldRecord | null> {
  const { rows, dialect } = engine;
  const source = workspace.sources.find(({ id }) => id === own.source);
  if (source === undefined) return null;
  const records = dialect.parquet(join(await dirOf(source), 'records.parquet'));
  const [row] = await rows(`SELECT * FROM ${records} r WHERE r.rid = ${dialect.literal(own.record)} LIMIT 1`);
  return row === undefined ? null : { source, record: own.record, row };
}

/** Each field that the file has, in its order: as it is written, a day as a day; null where nothing stands. */
export const fieldValues = ({ source, row }: HeldRecord): readonly (readonly [string, string | null])[] =>
  source.fields
    .filter(({ name }) => !(source.areas !== null && name === 'area'))
    .map(({ name }) => [name, valueText(row[`f_${name}`])] as const);

function valueText(value: SqlValue | undefined): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}
