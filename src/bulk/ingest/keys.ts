/**
 * The parts that people are matched on (C4, C5), folded and hashed once: `keys.parquet`. The hash is the engine's
 * fast one over the value and a secret; null parts make no key.
 */
import { dirname, join } from 'node:path';
import type { Source } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';
import { isWholeParquet, writeWhole } from './publish.ts';

export const partNames = [
  'surname',
  'forename',
  'address',
  'postcode',
  'three',
  'email',
  'phone',
  'birth',
] as const;
export type Part = (typeof partNames)[number];

/** What a key is made of; each is one kind of match. */
export const keyKinds = {
  email: ['email'],
  phone: ['phone'],
  home: ['surname', 'postcode', 'address'],
  birth: ['birth', 'postcode'],
  near: ['postcode', 'three'],
  address: ['postcode', 'address'],
  surname: ['surname', 'postcode'],
  person: ['surname', 'postcode', 'forename'],
} as const satisfies Readonly<Record<string, readonly Part[]>>;
export type KeyKind = keyof typeof keyKinds;
/** The keys by which a stop reaches another record surely (C4). */
export const sureKinds = ['email', 'phone', 'home', 'birth'] as const satisfies readonly KeyKind[];

/** A folded part from a text, as the sources and the lists write it. */
export function foldPart({ intake }: Engine, part: Part, x: string): string {
  switch (part) {
    case 'email':
      return intake.foldEmail(x);
    case 'phone':
      return intake.foldPhone(x);
    case 'postcode':
      return intake.foldPostcode(x);
    case 'three':
      return intake.left(intake.foldName(x), 3);
    case 'birth':
      return x;
    case 'surname':
    case 'forename':
    case 'address':
      return intake.foldName(x);
  }
}

export function hashPart(engine: Engine, secret: string, folded: string): string {
  return `CASE WHEN ${folded} IS NOT NULL THEN ${engine.intake.hash([folded, engine.dialect.literal(secret)])} END`;
}

/** The hash of a key from the hashed parts; null if one is. */
export function keyHash(engine: Engine, kind: KeyKind, part: (part: Part) => string): string {
  const parts = keyKinds[kind].map((p) => part(p));
  const hash = engine.intake.hash([...parts, engine.dialect.literal(kind)]);
  return `CASE WHEN ${parts.map((p) => `${p} IS NOT NULL`).join(' AND ')} THEN ${hash} END`;
}

/** The text of a field in `records.parquet` that a part is made from; null where the source has none. */
export function recordText({ dialect, intake }: Engine, source: Source, part: Part): string | null {
  const roles: Readonly<Record<Part, string | null>> = {
    surname: source.roles.surname,
    forename: source.roles.forename,
    address: source.roles.addressLine,
    postcode: source.roles.postcode,
    three: source.roles.surname,
    email: source.roles.email,
    phone: source.roles.phone,
    birth: source.roles.birthDate,
  };
  const field = source.fields.find((f) => f.name === roles[part]);
  if (!field) return null;
  const column = dialect.identifier(`f_${field.name}`);
  return field.type === 'text' ? column : intake.text(column);
}

/** Writes `keys.parquet` beside the records, unless it is there and whole; gives its path. */
export async function ensureKeys(
  engine: Engine,
  source: Source,
  dir: string,
  secret: string,
): Promise<string> {
  const path = join(dir, 'keys.parquet');
  if (isWholeParquet(path, null)) return path;
  const parts = partNames.map((part) => {
    const x = recordText(engine, source, part);
    return x === null ? null : { part, folded: foldPart(engine, part, x) };
  });
  const folded = parts.flatMap((p) => (p ? [`${p.folded} AS ${p.part}`] : []));
  const hashed = partNames.map(
    (part, i) => `${parts[i] ? hashPart(engine, secret, part) : engine.intake.noHash} AS ${part}`,
  );
  const from = `SELECT "row"${folded.map((f) => `, ${f}`).join('')} FROM ${engine.dialect.parquet(join(dir, 'records.parquet'))}`;
  await writeWhole(dirname(dir), path, async (aside) => {
    await engine.copy(`SELECT "row", ${hashed.join(', ')} FROM (${from})`, aside, 'parquet');
  });
  return path;
}
