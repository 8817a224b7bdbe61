import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { releasedWorkspace } from '../app/evidence.fixture.ts';
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
});

test('elsewhere it needs the key of the log, and says so', async () => {
  const without = await record(['audit', copy, '--json'], root);
  expect([without.status, JSON.parse(without.out).kind]).toEqual([1, 'differs']);
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
});

test('a sample without its checkpoint and nonce is wrong use', async () => {
  const ran = await record(['audit', copy, '--log-key', vkey(), '--sample', '3'], root);
  expect(ran.status).toBe(2);
});
