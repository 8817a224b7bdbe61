/** Nothing that is meant for others, and nothing that is said, holds anything of a person, a token or a key (E3). */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { withPersons } from '../src/app/proof/person-token.ts';
import { openDuckdb } from '../src/bulk/engines/duckdb.ts';
import { record } from '../src/cli/recording.fixture.ts';
import { eventsFile, one, people, settle } from './no-personal-data/club.ts';
import {
  found,
  keyLines,
  type Needle,
  notOf,
  type Place,
  personal,
  placesIn,
  type Secret,
  tokens,
} from './no-personal-data/look.ts';

let folder = '';
let root = '';
let release = '';
let secrets: readonly Secret[] = [];
let needles: readonly Needle[] = [];
/** What was said, by command: standard output and standard error, as they came. */
const said: Place[] = [];

/** Runs a command, and keeps all that it says, past the command line too. */
async function astold(words: readonly string[], status = 0): Promise<string> {
  let beside = '';
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      beside += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      return true;
    }),
  );
  const ran = await record(words, root).finally(() => spies.forEach((spy) => void spy.mockRestore()));
  const { out, err } = ran;
  said.push({ name: `astold ${words[0]} ${words[1] ?? ''} says`, text: `${out}\n${err}\n${beside}` });
  if (ran.status !== status)
    throw new RangeError(`astold ${words.join(' ')} ended with ${ran.status}: ${err}${out}`);
  return out;
}
const at = (...names: readonly string[]): string => join(root, ...names);
const read = (name: string): string => readFileSync(at(name), 'utf8');
const by = (way: string): readonly string[] => ['--source', 'members', '--by', way];

async function secretsOf(): Promise<readonly Secret[]> {
  const engine = await openDuckdb({ tempDirectory: at('.astold/tmp') });
  const path = at('vault/sources/members/secrets.parquet');
  const rows = await engine
    .rows(`SELECT rid, nonce, salt FROM ${engine.dialect.parquet(path)}`)
    .finally(() => engine.close());
  return withPersons(root, async (persons) => {
    const all: Secret[] = [];
    for (const { rid, nonce, salt } of rows) {
      const [master = ''] = await persons.masters(String(rid));
      all.push({ id: String(rid), master, nonce: String(nonce), salt: String(salt) });
    }
    return all;
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'astold-nobody-'));
  root = folder;
  await astold(['init', 'club']);
  const keys = join(folder, 'toys-keys');
  const shown = await astold(['recipient-keys', 'example-toys', keys]);
  root = join(folder, 'club');
  await settle(root, shown.match(/^ +(age|signing)-key: .*\n/gm) ?? []);

  await astold(['check', 'toy-offer']);
  await astold(['check', 'toy-offer', '--json']);
  const objection = ['prefer', '--kind', 'objection', '--out'];
  await astold([...objection, 'receipt-20.json', ...by('web'), '--person', one(20).id, '--json']);
  const details = ['--email', one(21).email, '--phone', one(21).phone, '--surname', one(21).surname];
  await astold([...objection, 'receipt-21.json', ...by('phone'), ...details]);
  const stop = { kind: 'objection', received: '2026-01-02' };
  const letters = [
    { ...stop, event: 'b1', record: one(22).id },
    { ...stop, event: 'b2', email: one(23).email, postcode: one(23).postcode },
  ];
  writeFileSync(join(folder, 'letters.csv'), eventsFile(letters));
  const batch = JSON.parse(
    await astold(['prefer', ...by('letter'), '--import', join(folder, 'letters.csv'), '--json']),
  );
  await astold(['ingest']);
  const done = JSON.parse(await astold(['release', 'toy-offer', '--json']));
  release = done.release;
  secrets = await secretsOf();
  needles = [
    ...personal,
    ...tokens(secrets, release),
    ...keyLines(at('keys/organisation.key')),
    ...keyLines(at('keys/log.key')),
    ...keyLines(join(keys, 'age.key')),
    ...keyLines(join(keys, 'sign.key')),
  ];

  await astold(['prove', release, '--person', one(30).id, '--out', 'proof-30.json']);
  await astold(['prove', release, '--person', one(20).id, '--out', 'proof-20.json']);
  writeFileSync(join(folder, 'token'), secrets.find(({ id }) => id === one(30).id)?.master ?? '');
  await astold(['verify', 'proof-30.json', '--token-file', join(folder, 'token')]);
  await astold(['verify', 'proof-20.json', '--json']);
  await astold(['releases', '--token-file', join(folder, 'token')]);
  await astold(['seal', release, '--to', 'example-toys']);
  const supply = at('supplies', release, 'whole-example-toys/supply.zip');
  const receiving = ['receive', supply, '--log-key', 'keys/log.pub', '--sign', join(keys, 'sign.key')];
  await astold([...receiving, '--key', join(keys, 'age.key'), '--out', 'in']);
  await astold(['countersigned', 'in/countersignature.note']);
  await astold(['log', 'publish']);
  await astold(['receipt', JSON.parse(read('receipt-20.json')).content.event, '--out', 'proved-20.json']);
  await astold(['receipt', '--batch', batch.id, '--row', '1', '--out', 'row-22.json']);
  await astold(['verify', 'proved-20.json', '--against', release]);
  await astold(['verify', 'row-22.json', '--against', release, '--json']);

  const evidence = at('evidence', release);
  await astold(['audit', evidence]);
  await astold(['audit', evidence, '--json']);
  const checkpoint = ['--checkpoint', 'log/checkpoint', '--nonce', 'three blue herons'];
  await astold(['audit', evidence, '--sample', '9', ...checkpoint, '--out', 'rows.json']);
  await astold(['open', release, '--rows', 'rows.json', '--out', 'opened.json']);
  await astold(['audit', evidence, '--opened', 'opened.json', '--rows', 'rows.json']);

  await astold([...objection, 'receipt-41.json', ...by('web'), '--person', one(41).id]);
  await astold(['delta', release, '--out', 'delta.csv']);
  const erase = ['erase', ...by('letter'), '--received', '2026-01-03'];
  await astold([...erase, '--person', one(40).id, '--out', 'erased-40.json', '--json']);
  await astold([...erase, '--person', one(42).id, '--out', 'erased-42.json']);
  await astold(['check', 'toy-offer']);
  await astold(['log', 'publish']);
  await astold(['log', 'check']);
  await astold(['log', 'show', '--json']);

  // What is refused is said without what it was refused of.
  await astold(['prove', release, '--person', one(40).id], 1);
  await astold(['prefer', ...by('letter'), '--import', join(folder, 'letters.csv')], 2);
  writeFileSync(join(folder, 'torn.csv'), `${eventsFile(letters)}"${one(24).surname}\n`);
  await astold(['prefer', ...by('letter'), '--import', join(folder, 'torn.csv')], 2);
  writeFileSync(at('bent.json'), read('receipt-20.json').replace('objection', 'withdrawal'));
  await astold(['verify', 'bent.json'], 1);
  writeFileSync(join(folder, 'other-token'), secrets.find(({ id }) => id === one(31).id)?.master ?? '');
  await astold(['verify', 'proof-30.json', '--token-file', join(folder, 'other-token')], 1);
}, 240_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what is looked for is there to be found', () => {
  test('in the list, the vault, and the receipts and proofs of whose they are', async () => {
    const list = await placesIn(root, at('releases', release, 'list.csv'), []);
    for (const kind of ['name', 'address', 'postcode'])
      expect(
        found(
          list,
          needles.filter((each) => each.kind === kind),
        ).length,
        kind,
      ).toBeGreaterThan(100);
    const members = await placesIn(root, at('data/members.csv'), []);
    expect(found(members, personal).filter((each) => !each.includes('sleeper'))).toHaveLength(
      new Set(personal.flatMap(({ kind, of }) => (kind === 'sleeper' ? [] : [`${kind} ${of}`]))).size,
    );
    const vault = await placesIn(root, at('vault/sources/members/secrets.parquet'), []);
    const kinds = new Set(found(vault, needles).map((each) => /: (.*) of /.exec(each)?.[1]));
    expect([...kinds].sort()).toEqual(['nonce', 'record id', 'salt']);
    for (const [file, kind, i] of [
      ['receipt-20.json', 'master token', 20],
      ['proof-30.json', 'release token', 30],
    ] as const)
      expect(found(await placesIn(root, at(file), []), needles)).toEqual([
        `${file}: ${kind} of ${one(i).id}`,
      ]);
    expect(found([{ name: 'key', text: read('keys/log.key') }], needles)).toEqual(['key: key of log.key']);
  });

  test('and every person was told of, and somebody released', () => {
    expect(secrets).toHaveLength(people.length);
    expect(needles.every(({ text }) => text.length >= 7)).toBe(true);
    expect(read(`releases/${release}/list.csv`).trim().split('\n').length).toBeGreaterThan(100);
  });
});

describe('nothing of a person, no token and no key', () => {
  const clean = async (...paths: readonly string[]): Promise<void> => {
    for (const path of paths) {
      expect(existsSync(at(path)), path).toBe(true);
      const places = await placesIn(root, at(path), ['/list.csv']);
      expect(places.length, path).toBeGreaterThan(0);
      expect(found(places, needles)).toEqual([]);
    }
  };

  test('stands in the log', () => clean('log'));
  test('in a release but for its list, which is what was released', () => clean('releases'));
  test('in its evidence', () => clean('evidence'));
  test('in a supply, whose list is under the key of its recipient', () => clean('supplies'));
  test('in what the recipient opens but for the list, and sends back', () => clean('in'));
  test('in a report', () => clean('.astold/checks'));
  test('in a sample, or in the codes that may not be used any more', () => clean('rows.json', 'delta.csv'));
  test('in what is for everybody of the keys', () => clean('keys/log.pub'));

  test('in the cells of the evidence no date either', async () => {
    const places = await placesIn(root, at('evidence'), []);
    const cells = places.filter(({ name }) => name.startsWith('the cells of'));
    expect(cells.length).toBeGreaterThan(1);
    for (const { name, text } of cells) expect(text, name).not.toMatch(/\d{4}-\d{2}-\d{2}/);
    // Where it might stand without its blank.
    const squeezed = personal
      .filter(({ kind }) => kind === 'postcode')
      .map((needle) => ({ ...needle, text: needle.text.replace(' ', '') }));
    expect(found(cells, squeezed)).toEqual([]);
  });

  test('is said by any command, on standard output or standard error', () => {
    expect(said.length).toBeGreaterThan(35);
    expect(found(said, needles)).toEqual([]);
  });

  test('but their own stands in the receipt or the proof of somebody', async () => {
    const files = readdirSync(root).filter((name) =>
      /^(receipt|proved|row|erased|proof)-\d+\.json$/.test(name),
    );
    expect(files).toHaveLength(9);
    for (const file of files) {
      const places = await placesIn(root, at(file), []);
      expect(found(places, notOf(needles, Number(/\d+/.exec(file)?.[0])))).toEqual([]);
    }
    // Of what is theirs: the token, and where it is a row of a file, what that row says.
    for (const [file, kinds] of [
      ['proved-20.json', ['master token']],
      ['row-22.json', ['master token', 'record id']],
      ['erased-40.json', ['master token']],
      ['proof-20.json', ['release token']],
    ] as const) {
      const stands = found(await placesIn(root, at(file), []), needles);
      expect(stands.map((each) => /: (.*) of /.exec(each)?.[1]).sort(), file).toEqual(kinds);
    }
  });
});
