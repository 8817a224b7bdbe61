/** The database goes away for a while: whoever asks is told so, and afterwards all goes on. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../store/postgres/databases.fixture.ts';
import { type Native, nativeUrl, startNative } from '../store/postgres/native.fixture.ts';
import { openState } from '../store/postgres/open-state.ts';
import { enrol } from './auth/people.fixture.ts';
import { openTestServer, type TestServer, type Who } from './server.fixture.ts';

let folder: string;
let native: Native;
let server: TestServer;
let officer: Who;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'astold-http-away-'));
  chmodSync(folder, 0o711);
  native = await startNative(join(folder, 'postgres'));
  const admin = new pg.Client(nativeUrl(native, 'postgres', 'postgres'));
  await admin.connect();
  await admin.query('CREATE DATABASE club OWNER astold_owner');
  await admin.end();
  const url = nativeUrl(native, 'astold_login', 'club');
  const options = { url, ownerUrl: nativeUrl(native, 'astold_owner', 'club'), data: folder };
  const state = await openState(options);
  const unused = async (): Promise<never> => {
    throw new TypeError('not of this test');
  };
  const made = { ...options, options, state, reopen: unused, asOwner: unused, empty: unused, drop: unused };
  const database: TestDatabase = { name: 'Postgres', create: async () => made };
  server = await openTestServer(database);
  const { browser } = await enrol(server.people, { email: 'olive@club.example', role: 'officer' });
  officer = { cookie: browser.cookies() };
});
afterAll(async () => {
  await server.people.test.state.close();
  await native.stop();
  rmSync(folder, { recursive: true });
});

test('what is asked meanwhile is refused with a code and when to ask again, and nothing is lost', async () => {
  const roles = '/api/organisations/club/roles';
  const json = { email: 'sam@club.example', name: 'Sam', role: 'steward', party: null, mayFreeze: false };
  const headers = { 'Idempotency-Key': 'the-same' };
  await native.stop();
  for (const asked of [
    server.ask(officer, 'GET', roles),
    server.ask(officer, 'POST', roles, { json, headers }),
  ]) {
    const response = await asked;
    expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '5']);
    expect(((await response.json()) as { code: string }).code).toBe('database-away');
  }
  const ready = await server.ask(null, 'GET', '/readyz');
  expect(await ready.json()).toMatchObject({ ready: false, database: 'down' });
  expect((await server.ask(null, 'GET', '/healthz')).status).toBe(200);
  expect((await server.ask(null, 'GET', '/auth/staff/sign-in')).status).toBe(200);
  await native.start();
  expect((await server.ask(officer, 'POST', roles, { json, headers })).status).toBe(201);
  expect((await server.ask(officer, 'GET', roles)).status).toBe(200);
});
