/** The database goes away for a while: what is asked of it meanwhile ends in a code, and afterwards all goes on. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Native, nativeUrl, startNative } from './native.fixture.ts';
import { openState } from './open-state.ts';
import type { State, Tx } from './state.ts';

let folder: string;
let native: Native;
let state: State;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'astold-away-'));
  chmodSync(folder, 0o711);
  native = await startNative(join(folder, 'postgres'));
  const admin = new pg.Client(nativeUrl(native, 'postgres', 'postgres'));
  await admin.connect();
  await admin.query('CREATE DATABASE club OWNER astold_owner');
  await admin.end();
  state = await openState({
    url: nativeUrl(native, 'astold_login', 'club'),
    ownerUrl: nativeUrl(native, 'astold_owner', 'club'),
    data: folder,
  });
});
afterAll(async () => {
  await state.close();
  await native.stop();
  rmSync(folder, { recursive: true });
});

const insert = async (tx: Tx, org: string): Promise<void> => {
  await tx.insertInto('organisation').values({ org, name: 'x', created_at: new Date() }).execute();
};
const known = async (): Promise<readonly string[]> => (await state.organisations()).map(({ org }) => org);

test('while it is away everything asked is refused with a code, and once it is back all goes on', async () => {
  await state.as('before', (tx) => insert(tx, 'before'));
  await native.stop();
  for (const org of ['a', 'b', 'c'])
    await expect(state.as(org, (tx) => insert(tx, org))).rejects.toMatchObject({
      code: 'database-unreachable',
    });
  await expect(state.asPerson('ada', async () => {})).rejects.toMatchObject({ code: 'database-unreachable' });
  expect(await state.health()).toMatchObject({ kind: 'down', code: 'database-unreachable' });
  await native.start();
  await state.as('after', (tx) => insert(tx, 'after'));
  expect(await known()).toEqual(['after', 'before']);
  expect(await state.health()).toMatchObject({ kind: 'up' });
});

test('a transaction in which it goes away is refused with a code, and nothing of it stays', async () => {
  const tried = state.as('cut', async (tx) => {
    await insert(tx, 'cut');
    await native.stop();
    // Between two statements: the connection is lost while nobody waits for it.
    await new Promise((later) => setTimeout(later, 50));
    await insert(tx, 'cut-too');
  });
  await expect(tried).rejects.toMatchObject({ code: 'database-unreachable' });
  await native.start();
  expect(await known()).toEqual(['after', 'before']);
});

test('where it goes away at the last step, it is said that nobody knows', async () => {
  const tried = state.as('last', async (tx) => {
    await insert(tx, 'last');
    await native.stop();
  });
  await expect(tried).rejects.toMatchObject({ code: 'commit-unknown' });
  await native.start();
  // This time it was not.
  expect(await known()).toEqual(['after', 'before']);
});

test('an error of the work itself is no matter of the database', async () => {
  const missing = Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open' });
  const tried = state.as('work', async () => {
    throw missing;
  });
  await expect(tried).rejects.toBe(missing);
});
