import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { releasedWorkspace } from '../app/gate/evidence.fixture.ts';
import { record } from './recording.fixture.ts';

let root: string;
let copy: string;
let id: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'astold-cli-audit-'));
  id = (await releasedWorkspace(join(root, 'club'))).id;
  copy = join(root, 'copy');
  cpSync(join(root, 'club/evidence', id), copy, { recursive: true });
});
afterAll(() => rm(root, { recursive: true, force: true }));
const vkey = (): string => readFileSync(join(root, 'club/keys/log.pub'), 'utf8').trim();

test('in its workspace an audit finds the package, the log and the key by itself', async () => {
  const ran = await record(['audit', `evidence/${id}`], join(root, 'club'));
  expect([ran.status, ran.err]).toEqual([0, '']);
  expect(ran.out).toContain('20 records decided again');
  expect(ran.out).toContain('the package is the one');
  expect(ran.out).toContain('the published log grew from that');
  expect(ran.out).toContain('consistent, as far as was looked');
});

test('that nobody gave the key which it found there is said beside whatever else was not checked', async () => {
  const own = await record(['audit', `evidence/${id}`, '--quiet'], join(root, 'club'));
  expect(own.out).toContain('not checked: whose log it is');
  const key = (unchecked: readonly string[]) => unchecked.some((what) => what.includes('keys/log.pub'));
  const asked = async (...more: readonly string[]) =>
    JSON.parse((await record(['audit', `evidence/${id}`, '--json', ...more], join(root, 'club'))).out);
  expect(key((await asked()).unchecked)).toBe(true);
  expect(key((await asked('--log-key', vkey())).unchecked)).toBe(false);
});

test('elsewhere it needs the key of the log, and says so', async () => {
  const without = await record(['audit', copy, '--json'], root);
  expect([without.status, JSON.parse(without.out).kind]).toEqual([1, 'unsettled']);
  expect(JSON.parse(without.out).differences[0].code).toBe('log-key-missing');
  expect((await record(['audit', copy, '--log-key', vkey()], root)).status).toBe(0);
});

test('what differs is named with its file and its code, and the run ends as failed', async () => {
  const path = join(copy, 'counts.json');
  const before = readFileSync(path);
  writeFileSync(path, before.toString('utf8').replace('20', '21'));
  const ran = await record(['audit', copy, '--log-key', vkey()], root);
  writeFileSync(path, before);
  expect(ran.status).toBe(1);
  expect(ran.out).toContain('counts.json');
  expect(ran.out).toContain('[file-altered]');
  // The manifest is as it was, and names its release.
  expect(ran.out.split('\n')[0]).toContain(id);
});

test('a folder that is no evidence is said to be none', async () => {
  const ran = await record(['audit', join(root, 'club/notices'), '--log-key', vkey(), '--json'], root);
  expect([ran.status, JSON.parse(ran.out).error]).toEqual([1, 'evidence-missing']);
});

describe('a sample', () => {
  const words = (...more: readonly string[]) => ['audit', copy, '--log-key', 'club/keys/log.pub', ...more];
  beforeAll(async () => {
    const stop = ['prefer', '--source', 'members', '--person', 'M002', '--kind', 'objection', '--by', 'web'];
    expect((await record(stop, join(root, 'club'))).status).toBe(0);
    expect((await record(['log', 'publish'], join(root, 'club'))).status).toBe(0);
  });

  test('goes to its file, once, and more rows than there are are all of them, as is said', async () => {
    const draw = words('--sample', '30', '--checkpoint', 'club/log/checkpoint', '--nonce', 'three herons');
    const plain = await record(draw, root);
    expect([plain.status, JSON.parse(plain.out).rows.length]).toEqual([0, 20]);
    expect(plain.err).toContain('20 rows');
    expect(plain.err).toContain('give --log');
    expect((await record([...draw, '--log', 'club/log'], root)).err).not.toContain('give --log');
    const kept = await record([...draw, '--out', 'rows.json', '--json'], root);
    expect(JSON.parse(kept.out)).toMatchObject({ asked: 30, rows: 20, out: 'rows.json' });
    expect(JSON.parse(readFileSync(join(root, 'rows.json'), 'utf8'))).toEqual(JSON.parse(plain.out));
    const again = await record([...draw, '--out', 'rows.json', '--json'], root);
    expect([again.status, JSON.parse(again.out).error]).toEqual([2, 'out-exists']);
    expect((await record(words('--out', 'other.json'), root)).status).toBe(2);
  });

  test('that is not given beside the rows opened leaves it unsaid whether any were kept back', async () => {
    const open = ['open', id, '--rows', join(root, 'rows.json'), '--out', join(root, 'opened.json')];
    expect((await record(open, join(root, 'club'))).status).toBe(0);
    expect(JSON.parse((await record(words('--opened', 'opened.json', '--json'), root)).out)).toHaveProperty(
      'missing',
      null,
    );
    const alone = await record(words('--opened', 'opened.json'), root);
    expect(alone.out).toContain('not checked');
    expect(alone.status).toBe(1);
    const rows = words('--opened', 'opened.json', '--rows', 'rows.json', '--json');
    expect(JSON.parse((await record(rows, root)).out).missing).toEqual([]);
  });
});

test('a sample without its checkpoint and nonce is wrong use', async () => {
  const ran = await record(['audit', copy, '--log-key', vkey(), '--sample', '3'], root);
  expect(ran.status).toBe(2);
});
