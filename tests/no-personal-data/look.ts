/** Looking for what must not be there: every needle, in every byte, and in the cells of what is Parquet. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { openDuckdb } from '../../src/bulk/engines/duckdb.ts';
import { releaseToken } from '../../src/roster/token.ts';
import { one, people, sleeper } from './club.ts';

/** `kind` and `of` are what a failure says: never the needle itself. */
export type Needle = { readonly kind: string; readonly of: string; readonly text: string };

export const personal: readonly Needle[] = [
  ...people.flatMap((person) => {
    const needle = (kind: string, text: string): Needle => ({ kind, of: person.id, text });
    return [
      needle('record id', person.id),
      needle('name', person.forename),
      needle('name', person.surname),
      needle('address', person.address),
      needle('postcode', person.postcode),
      needle('e-mail', person.email),
      needle('phone', person.phone),
      needle('phone', person.phone.replace(' ', '').replace(/^0/, '')),
    ];
  }),
  ...Object.values(sleeper).map((text) => ({ kind: 'sleeper', of: 'rowan', text })),
];

export type Secret = {
  readonly id: string;
  readonly master: string;
  readonly nonce: string;
  readonly salt: string;
};

export const tokens = (secrets: readonly Secret[], release: string): readonly Needle[] =>
  secrets.flatMap(({ id, master, nonce, salt }) => [
    { kind: 'master token', of: id, text: master },
    { kind: 'release token', of: id, text: releaseToken(master, release) },
    { kind: 'nonce', of: id, text: nonce },
    { kind: 'salt', of: id, text: salt },
  ]);

/** Of a key file: its lines that are nothing but key. */
export const keyLines = (path: string): readonly Needle[] => {
  const found = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.length >= 32 && !line.startsWith('-----') && !line.startsWith('#'));
  if (found.length === 0) throw new RangeError(`${path} holds no line of a key`);
  return found.map((text) => ({ kind: 'key', of: path.split('/').at(-1) ?? '', text }));
};

export type Place = { readonly name: string; readonly text: string };

/** Every file under a folder, or the file itself; those whose path ends as one of `leave` are left out. */
export async function placesIn(
  root: string,
  path: string,
  leave: readonly string[],
): Promise<readonly Place[]> {
  const all = statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((each) => each.isFile())
        .map((each) => join(each.parentPath, each.name))
    : [path];
  const found: Place[] = [];
  for (const file of all.filter((each) => !leave.some((end) => each.endsWith(end)))) {
    const name = relative(root, file);
    // Names of files are shown to everybody too.
    found.push({ name, text: `${name}\n${readFileSync(file).toString('utf8')}` });
    if (file.endsWith('.parquet')) found.push({ name: `the cells of ${name}`, text: await cellsOf(file) });
  }
  return found;
}

async function cellsOf(file: string): Promise<string> {
  const engine = await openDuckdb({ tempDirectory: `${dirname(file)}/.look` });
  try {
    const rows = await engine.rows(`SELECT * FROM ${engine.dialect.parquet(file)}`);
    if (rows.length === 0) throw new RangeError('a file without rows says nothing');
    return JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
  } finally {
    engine.close();
  }
}

/** What of it stands where, each said once: `place: kind of whom`. */
export function found(places: readonly Place[], needles: readonly Needle[]): readonly string[] {
  const lower = needles.map((needle) => ({ ...needle, text: needle.text.toLowerCase() }));
  const said = new Set<string>();
  for (const { name, text } of places) {
    const hay = text.toLowerCase();
    for (const { kind, of, text: needle } of lower)
      if (hay.includes(needle)) said.add(`${name}: ${kind} of ${of}`);
  }
  return [...said];
}

/** What may stand where it is theirs alone: their own receipt, their own proof. */
export const notOf = (needles: readonly Needle[], i: number): readonly Needle[] =>
  needles.filter(({ of }) => of !== one(i).id);
