import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PreferFixture, preferFixture } from '../app/people/prefer.fixture.ts';
import type { Receipt } from '../evidence/receipt.ts';
import { record } from './recording.fixture.ts';

let club: PreferFixture;
let aside: string;
beforeAll(async () => {
  club = await preferFixture();
  aside = mkdtempSync(join(tmpdir(), 'astold-receipts-'));
});
afterAll(() => {
  for (const each of [club.root, aside]) rmSync(each, { recursive: true, force: true });
});

const file = (name: string): string => join(aside, name);
const kept = (name: string): Receipt => JSON.parse(readFileSync(file(name), 'utf8'));
const prefer = (person: string, ...more: readonly string[]) =>
  record(['prefer', '--source', 'members', '--person', person, '--kind', 'objection', ...more], club.root);
const erase = (person: string, ...more: readonly string[]) =>
  record(['erase', '--source', 'members', '--person', person, '--by', 'web', ...more], club.root);

describe('a receipt that goes to its file', () => {
  test('is said with its event, and neither its token nor what opens its entry', async () => {
    const json = await prefer('M003', '--by', 'web', '--out', file('a.json'), '--json');
    const { token, salt, content } = kept('a.json');
    expect(JSON.parse(json.out)).toMatchObject({ event: content.event, type: 'objection', index: null });
    const text = await prefer('M003', '--by', 'web', '--out', file('b.json'));
    expect(text.out).toContain(kept('b.json').content.event);
    const again = await record(
      ['receipt', content.event, '--out', file('a-again.json'), '--json'],
      club.root,
    );
    for (const secret of [token, salt, kept('b.json').salt]) {
      expect(secret).toMatch(/^[0-9a-f]{32}/);
      expect(json.out + text.out + again.out).not.toContain(secret);
    }
  });

  test('is not told by an erasure either', async () => {
    const ran = await erase('M004', '--out', file('gone.json'), '--json');
    const { token, salt, content } = kept('gone.json');
    expect(JSON.parse(ran.out)).toMatchObject({ kind: 'erased', receipt: { event: content.event } });
    for (const secret of [token, salt]) expect(ran.out).not.toContain(secret);
  });

  test('is written over nothing that is there', async () => {
    const ran = await prefer('M003', '--by', 'web', '--out', file('a.json'), '--json');
    expect([ran.status, JSON.parse(ran.out).error]).toEqual([2, 'out-exists']);
  });
});

describe('the receipt of somebody who was erased', () => {
  test('gets its place in the log once that is published, and proves itself with it', async () => {
    await prefer('M005', '--by', 'web', '--out', file('stop.json'));
    await erase('M005', '--out', file('last.json'));
    const events = ['stop.json', 'last.json'].map((name) => kept(name).content.event);
    for (const event of events) {
      const early = await record(['receipt', event, '--json'], club.root);
      expect([early.status, JSON.parse(early.out).error]).toEqual([2, 'event-erased']);
    }
    await club.publish();
    const verify = (name: string, ...more: readonly string[]) =>
      record(['verify', file(name), '--log-key', join(club.root, 'keys/log.pub'), ...more, '--json'], aside);
    for (const [i, name] of ['stop.json', 'last.json'].entries()) {
      const words = ['receipt', events[i] ?? '', '--out', file(`place-${i}.json`), '--json'];
      expect((await record(words, club.root)).status).toBe(0);
      expect(JSON.parse((await verify(name)).out).index).toBe(null);
      const whole = JSON.parse((await verify(name, '--logged', file(`place-${i}.json`))).out);
      expect(whole.index).toMatch(/^\d+$/);
    }
    const other = await verify('stop.json', '--logged', file('place-1.json'));
    expect([other.status, JSON.parse(other.out).error]).toEqual([1, 'place-of-other']);
    const form = await record(['receipt', events[0] ?? '', '--as', 'kantara', '--json'], club.root);
    expect([form.status, JSON.parse(form.out).error]).toEqual([2, 'event-erased']);
  });
});

test('a standard form without contacts.yaml says what that file is for', async () => {
  const { content } = await club.say({ kind: 'consent', notice: 'web@1', consent: 'toy-offers' });
  const ran = await record(['receipt', content.event, '--as', 'kantara', '--json'], club.root);
  expect([ran.status, JSON.parse(ran.out).error]).toEqual([2, 'contacts-missing']);
});

test('a time that was typed is the one that is named', async () => {
  const late = await prefer('M006', '--by', 'phone', '--received', '2199-01-01', '--json');
  expect(JSON.parse(late.out)).toMatchObject({ error: 'time-future' });
  expect(JSON.parse(late.out).message).toContain('--received');
  const wrong = await prefer('M006', '--by', 'phone', '--received', 'today', '--json');
  expect(JSON.parse(wrong.out)).toMatchObject({ error: 'time-malformed' });
  expect(JSON.parse(wrong.out).message).toContain('--received');
});

test('what is no proof and no receipt is said to be what it is, at the place it was typed from', async () => {
  writeFileSync(file('supply.zip'), 'PK\u0003\u0004');
  const zip = await record(['verify', 'supply.zip', '--json'], aside);
  expect([zip.status, JSON.parse(zip.out).error]).toEqual([1, 'format-unknown']);
  const none = await record(['verify', 'nothing.json'], aside);
  expect([none.status, none.err]).toEqual([
    2,
    expect.stringMatching(/^error: nothing\.json: .*\[ENOENT\]\n$/),
  ]);
});
