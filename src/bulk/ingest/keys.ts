/**
 * What records, events and lists are matched by (C4, C5; "Matching keys" in `docs/formats.md`): hashes of folded
 * contact details, compared as numbers. What must be sure beyond a hash is compared as text, for the few that meet.
 */
import type { Source } from '../../policy/model.ts';
import type { Engine } from '../engine.ts';

export type Part = 'surname' | 'forename' | 'address' | 'postcode' | 'three' | 'email' | 'phone' | 'birth';

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

/**
 * The keys that `records.parquet` holds, in columns `m_<key>`. Whoever shares a home, a surname or a name at a postcode
 * is near as well, so that names and addresses in full are folded only for records that are near to something.
 */
export const heldKeys = {
  email: ['email'],
  phone: ['phone'],
  birth: ['birth', 'postcode'],
  near: ['postcode', 'three'],
  postcode: ['postcode'],
} as const satisfies Readonly<Record<string, readonly Part[]>>;
export type HeldKey = keyof typeof heldKeys;
export const heldKeyNames = [
  'email',
  'phone',
  'birth',
  'near',
  'postcode',
] as const satisfies readonly HeldKey[];

/**
 * A folded part from a text, as the sources and the lists write it, trimmed; a birth date is a date already. `exotic`
 * false: it comes from a file without white space but the plain one.
 */
export function foldPart({ intake }: Engine, part: Part, x: string, exotic: boolean): string {
  switch (part) {
    case 'email':
      return intake.foldEmail(x, exotic);
    case 'phone':
      return intake.foldPhone(x);
    case 'postcode':
      return intake.foldPostcode(x, exotic);
    case 'three':
      return intake.foldThree(x);
    case 'birth':
      return x;
    case 'surname':
    case 'forename':
    case 'address':
      return intake.foldName(x);
  }
}

/** The hash of a key of folded parts; null if one is. `kind` keeps keys of different kinds apart. */
export function keyHash(
  { intake, dialect }: Engine,
  kind: KeyKind | HeldKey,
  part: (part: Part) => string,
): string {
  const parts = { ...keyKinds, ...heldKeys }[kind].map((p) => part(p));
  const hash = intake.hash([...parts, dialect.literal(kind)]);
  return `CASE WHEN ${parts.map((p) => `${p} IS NOT NULL`).join(' AND ')} THEN ${hash} END`;
}

const roleOf = (source: Source, part: Part): string | null => {
  const { roles } = source;
  const all: Readonly<Record<Part, string | null>> = {
    surname: roles.surname,
    forename: roles.forename,
    address: roles.addressLine,
    postcode: roles.postcode,
    three: roles.surname,
    email: roles.email,
    phone: roles.phone,
    birth: roles.birthDate,
  };
  return all[part];
};

/** The text a part of a record is made from, of the SQL of its field; null where the source has none. */
export function recordText(
  engine: Engine,
  source: Source,
  part: Part,
  column: (field: Source['fields'][number]) => string,
): string | null {
  const field = source.fields.find(({ name }) => name === roleOf(source, part));
  if (!field) return null;
  return field.type === 'text' ? column(field) : engine.intake.text(column(field));
}

/**
 * A part of a record, folded, of the SQL of its field; null where the source has none. A birth date that is not kept
 * as a date is one where it is written as one.
 */
export function recordPart(
  engine: Engine,
  source: Source,
  part: Part,
  column: (field: Source['fields'][number]) => string,
  exotic: boolean,
): string | null {
  const field = source.fields.find(({ name }) => name === roleOf(source, part));
  if (part === 'birth' && field?.type === 'date') return column(field);
  const x = recordText(engine, source, part, column);
  if (x === null) return null;
  return part === 'birth' ? engine.intake.date(x) : foldPart(engine, part, x, exotic);
}

/** The column of a field in `records.parquet`. */
export const keptColumn =
  ({ dialect }: Engine, of: string) =>
  ({ name }: { readonly name: string }): string =>
    `${of}.${dialect.identifier(`f_${name}`)}`;
