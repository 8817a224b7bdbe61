import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PreferFixture, preferFixture } from '../people/prefer.fixture.ts';
import { check } from './check.ts';
import { explain } from './explain.ts';
import { release } from './release.ts';

const at = ({ options }: PreferFixture) => ({ ...options, asOf: null });
let club: PreferFixture;
beforeAll(async () => {
  club = await preferFixture();
});
afterAll(() => rmSync(club.root, { recursive: true, force: true }));

test('a stop that was recorded counts at once, and where the ledger it stands in is lost, nothing is decided', async () => {
  const before = await check(await club.load(), 'toy-offer', at(club));
  await club.say();
  const after = await check(await club.load(), 'toy-offer', at(club));
  expect([before.released, after.released]).toEqual([8, 7]);
  await club.publish();
  for (const lost of [['vault/ledger.sqlite', 'vault/ledger.sqlite-wal'], ['log'], ['vault', '.astold']]) {
    for (const name of lost) rmSync(join(club.root, name), { recursive: true, force: true });
    const workspace = await club.load();
    const refused = { code: 'ledger-missing' };
    await expect(check(workspace, 'toy-offer', at(club))).rejects.toMatchObject(refused);
    await expect(explain(workspace, 'toy-offer', 'M002', at(club))).rejects.toMatchObject(refused);
    await expect(release(workspace, 'toy-offer', at(club))).rejects.toMatchObject(refused);
  }
});

test('where nothing but the published log says that anything was ever logged, nothing is decided', async () => {
  const other = await preferFixture();
  try {
    await other.say();
    await other.publish();
    // As a version before the mark beside the key leaves it, whose vault was lost.
    for (const name of ['vault', '.astold', 'keys/log.begun'])
      rmSync(join(other.root, name), { recursive: true });
    const refused = { code: 'ledger-missing' };
    const workspace = await other.load();
    await expect(check(workspace, 'toy-offer', at(other))).rejects.toMatchObject(refused);
    await expect(explain(workspace, 'toy-offer', 'M002', at(other))).rejects.toMatchObject(refused);
    await expect(release(workspace, 'toy-offer', at(other))).rejects.toMatchObject(refused);
    expect(existsSync(join(other.root, 'vault/ledger.sqlite'))).toBe(false);
  } finally {
    rmSync(other.root, { recursive: true, force: true });
  }
});
