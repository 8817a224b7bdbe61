import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { record } from '../../cli/recording.fixture.ts';
import { erase } from './erase.ts';
import { nothingSaid, type PreferFixture, preferFixture } from './prefer.fixture.ts';
import { importPreferences } from './prefer-batch.ts';
import { recordedOf } from './recorded-of.ts';

let club: PreferFixture;
beforeEach(async () => {
  club = await preferFixture();
});
afterEach(() => rmSync(club.root, { recursive: true, force: true }));

const of = async (person: string | null) => recordedOf(await club.load(), 'members', person, club.options);
const ids = (found: Awaited<ReturnType<typeof of>>) => found.events.map(({ event }) => event);

test('a receipt that was never written is found again by the record it is of', async () => {
  const { content, token } = await club.say({ channel: 'post' });
  await club.say({ person: 'M003' });
  const nobody = await club.say({ person: null, details: { ...nothingSaid, email: 'x@people.example' } });
  const found = await of('M002');
  expect(found).toMatchObject({
    events: [{ event: content.event, said: { type: 'objection', scope: { contactChannel: 'post' } } }],
    rows: [],
  });
  expect((await club.again(ids(found)[0] ?? '')).token).toBe(token);
  expect(ids(await of(null))).toEqual([nobody.content.event]);
  expect(await of('M999')).toEqual({ events: [], rows: [] });
  await expect(recordedOf(await club.load(), 'none', null, club.options)).rejects.toMatchObject({
    code: 'source-unknown',
  });
});

test('rows of imported files are among them, and what was erased is said to be', async () => {
  await club.say();
  const path = join(club.root, 'a.csv');
  writeFileSync(
    path,
    'event,record,kind,received\na,M003,objection,2026-01-01\nb,M002,withdrawal,2026-01-02\n',
  );
  const done = await importPreferences(await club.load(), 'members', path, club.options);
  if (done.kind === 'refused') throw new RangeError(done.message);
  const batch = done.batch.id;
  expect((await of('M002')).rows).toEqual([{ batch, row: 2, kind: 'withdrawal', received: '2026-01-02' }]);
  const person = { source: 'members', person: 'M002', by: 'web', received: null } as const;
  await erase(await club.load(), person, club.options, async () => {});
  const found = await of('M002');
  expect(found.events.map(({ said }) => said?.type ?? null)).toEqual([null, 'erasure']);
  expect(found.rows).toEqual([{ batch, row: 2, kind: 'erasure', received: '2026-01-02' }]);
});

test('on the command line they are listed by what a receipt is asked for with, and nothing of anybody', async () => {
  const { content, token } = await club.say({ details: { ...nothingSaid, email: 'x@people.example' } });
  const words = ['receipt', '--source', 'members'];
  const listed = await record([...words, '--person', 'M002'], club.root);
  expect([listed.status, listed.err]).toEqual([0, '']);
  expect(listed.out).toContain(content.event);
  for (const secret of [token ?? '', 'people.example']) expect(listed.out).not.toContain(secret);
  const json = await record([...words, '--person', 'M002', '--json'], club.root);
  expect(JSON.parse(json.out).events).toMatchObject([{ event: content.event }]);
  expect((await record(words, club.root)).status).toBe(3);
  expect((await record([...words, '--out', 'x.json'], club.root)).err).toMatch(/^error: [^\n]+\[usage\]\n$/);
  expect((await record(['receipt', '--person', 'M002'], club.root)).err).toMatch(/\[usage\]\n$/);
});
