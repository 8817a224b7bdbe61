import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { people, type SupplyFixture, supplyFixture } from '../app/supply/supply.fixture.ts';
import { record } from './recording.fixture.ts';

let made: SupplyFixture;
beforeAll(async () => {
  made = await supplyFixture('csv');
});
afterAll(() => rm(made.folder, { recursive: true, force: true }));

test('a release goes to its recipient and its receipt comes back, by commands alone', async () => {
  const { folder, root, release, logKey } = made;
  const sealed = await record(['seal', release, '--to', 'example-toys', '--json'], root);
  expect([sealed.status, sealed.err]).toEqual([0, '']);
  const supply = JSON.parse(sealed.out).file;

  const key = ['--key', 'toys-keys/age.key'];
  const unasked = await record(['receive', supply, ...key, '--out', 'unasked'], folder);
  expect([unasked.status, unasked.out]).toEqual([1, '']);
  expect(unasked.err).toMatch(/^error: [^\n]*\[log-key-missing\]\n$/);
  expect(existsSync(join(folder, 'unasked'))).toBe(false);
  const unsigned = await record(['receive', supply, ...key, '--unverified', '--out', 'unchecked'], folder);
  expect([unsigned.status, unsigned.out]).toEqual([0, expect.stringContaining('NOT CHECKED')]);
  const words = [
    'receive',
    supply,
    ...key,
    '--log-key',
    logKey,
    '--sign',
    'toys-keys/sign.key',
    '--out',
    'in',
  ];
  const received = await record(words, folder);
  expect([received.status, received.err]).toEqual([0, '']);
  expect(received.out).toContain('in the log were checked');

  const receipt = await record(['countersigned', join(folder, 'in/countersignature.note')], root);
  expect([receipt.status, receipt.err]).toEqual([0, '']);
  expect(receipt.out).toContain('Entry number 1 of the log');

  const [, line = ''] = (await readFile(join(folder, 'in/list.csv'), 'utf8')).split('\n');
  const seen = await record(['sighting', line.split(',').at(-1) ?? ''], root);
  expect([seen.status, seen.out]).toEqual([0, expect.stringContaining(release)]);
  // Of a file, the words in it.
  expect((await record(['sighting', join(folder, 'in/list.csv')], root)).out).toContain('sleeper rowan');
  expect((await record(['sighting', 'nothing of ours'], root)).status).toBe(3);
});

test('what is said never holds a person, a key or a token', async () => {
  const { folder, root, release } = made;
  const secrets = await Promise.all(
    ['toys-keys/age.key', 'toys-keys/sign.key', 'club/keys/organisation.key', 'club/keys/log.key'].map(
      (file) => readFile(join(folder, file), 'utf8'),
    ),
  );
  const said = await Promise.all([
    record(['seal', release, '--to', 'example-mailing'], root),
    record(['receive', 'club/astold.yaml', '--key', 'toys-keys/age.key', '--out', 'x'], folder),
    record(['recipient-keys', 'example-toys', 'toys-keys'], folder),
    record(['countersigned', 'astold.yaml'], root),
  ]);
  const text = said.map(({ out, err }) => out + err).join('\n');
  for (const name of people.flat()) expect(text).not.toContain(name);
  for (const secret of secrets.flatMap((each) => each.trim().split('\n').slice(0, 2)))
    expect(text).not.toContain(secret);
});

test('a fault ends with 1, says its code in one line, and leaves nothing', async () => {
  const { folder, root, release } = made;
  const key = ['--key', 'toys-keys/age.key'];
  const none = await record(
    ['receive', 'club/astold.yaml', ...key, '--unverified', '--out', 'nothing'],
    folder,
  );
  expect([none.status, none.err]).toEqual([1, expect.stringMatching(/^error: .*\[supply-unreadable\]\n$/)]);
  expect(existsSync(join(folder, 'nothing'))).toBe(false);
  const refused = await record(['seal', release, '--to', 'nobody'], root);
  expect([refused.status, refused.err]).toEqual([
    1,
    expect.stringMatching(/^not sealed: .*\[recipient-not-in-chain\]\n$/),
  ]);
  const nothing = await record(['sighting', ' '], root);
  expect([nothing.status, nothing.err]).toEqual([2, expect.stringContaining('[usage]')]);
  const mistyped = await record(['sighting', '0000-0000-00001'], root);
  expect([mistyped.status, mistyped.err]).toEqual([1, expect.stringContaining('[trace-code-check]')]);
});

test('keys that are there are kept', async () => {
  const first = await record(['recipient-keys', 'example-toys', 'toys-keys', '--json'], made.folder);
  const again = await record(['recipient-keys', 'example-toys', 'toys-keys', '--json'], made.folder);
  expect(again.out).toBe(first.out);
  expect((await record(['recipient-keys', 'other-name', 'toys-keys'], made.folder)).status).not.toBe(0);
  expect((await record(['recipient-keys', 'not an id'], made.folder)).status).toBe(2);
});

test('release --to says what stands against sealing before anything is released, and seals what stands', async () => {
  const { root, release } = made;
  const refused = await record(['release', 'toy-offer', '--to', 'nobody'], root);
  expect([refused.status, refused.err]).toEqual([1, expect.stringContaining('[recipient-not-in-chain]')]);
  await rm(join(root, 'supplies'), { recursive: true, force: true });
  const sealed = await record(['release', 'toy-offer', '--to', 'example-toys', '--json'], root);
  expect([sealed.status, sealed.err]).toEqual([0, '']);
  expect(JSON.parse(sealed.out)).toMatchObject({
    release: { kind: 'refused', code: 'release-exists' },
    sealed: { kind: 'sealed', release, recipient: 'example-toys' },
  });
});
