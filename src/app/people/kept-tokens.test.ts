import { appendFileSync, chmodSync, cpSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckdb } from '../../bulk/engines/duckdb.ts';
import { sourceVault } from '../../bulk/vault.ts';
import { keyFile } from '../../documents/key.ts';
import { parseToken } from '../../roster/token.ts';
import { ingest } from '../gate/ingest.ts';
import { suppressed, suppressionKey } from '../gate/suppression-key.ts';
import { erase } from './erase.ts';
import { keptTokens, type Tokens } from './kept-tokens.ts';
import { type PreferFixture, preferFixture } from './prefer.fixture.ts';

let club: PreferFixture;
let aside = '';
let master = '';
let tokens: Tokens;
let opened = 0;

const open = () => {
  opened += 1;
  return openDuckdb({ tempDirectory: join(club.root, '.astold', 'tmp'), threads: 1 });
};
const members = () => join(club.root, 'data', 'members.csv');
const vault = () => sourceVault(club.root, 'members');
const eraseNow = async (person: string): Promise<void> => {
  const input = { source: 'members', person, by: 'letter', received: null } as const;
  const done = await erase(await club.load(), input, club.options, async () => {});
  if (done.kind === 'refused') throw new RangeError(done.message);
};

beforeAll(async () => {
  club = await preferFixture();
  aside = mkdtempSync(join(tmpdir(), 'astold-tokens-'));
  // Draws the secrets of the source.
  const { token } = await club.say({ person: 'M002', channel: 'email' });
  master = parseToken(token ?? '');
  tokens = keptTokens(club.root, open);
}, 60_000);
afterAll(() => {
  tokens.close();
  for (const each of [club.root, aside]) rmSync(each, { recursive: true, force: true });
});

describe('the tokens that are kept', () => {
  test('are those of the receipts, and of many that ask at once the vault is read once', async () => {
    opened = 0;
    const asked = ['M002', 'M010', 'M002', 'nobody', "M0' OR '1'='1"];
    const found = await Promise.all(asked.map((record) => tokens.of('members', record)));
    const key = suppressed(await suppressionKey(club.root, 'members'), 'M002');
    expect(found[0]).toEqual({ master, key });
    expect(found[2]).toEqual(found[0]);
    expect(found[1]?.master).not.toBe(master);
    expect(found.slice(3)).toEqual([null, null]);
    expect(await tokens.of('members', 'M002')).toEqual(found[0]);
    expect(opened).toBe(1);
  });

  test('are none of a source whose secrets were never drawn', async () => {
    expect(await tokens.of('others', 'M002')).toBeNull();
  });

  test('of who is erased are gone at once, and of nobody else', async () => {
    const before = await tokens.of('members', 'M010');
    expect(await tokens.of('members', 'M003')).not.toBeNull();
    cpSync(vault(), aside, { recursive: true });
    await eraseNow('M003');
    expect(await tokens.of('members', 'M003')).toBeNull();
    expect(await tokens.of('members', 'M010')).toEqual(before);
  });

  test('of who was erased do not come back with an old copy of the secrets', async () => {
    cpSync(join(aside, 'secrets.parquet'), join(vault(), 'secrets.parquet'));
    expect(await tokens.of('members', 'M003')).toBeNull();
    expect((await tokens.of('members', 'M002'))?.master).toBe(master);
  });

  test('of who is new are there as soon as the source is taken in', async () => {
    expect(await tokens.of('members', 'M999')).toBeNull();
    const like = readFileSync(members(), 'utf8')
      .split('\n')
      .find((line) => line.startsWith('M010,'));
    if (like === undefined) throw new RangeError('there is no M010');
    appendFileSync(members(), `${like.replace('M010', 'M999')}\n`);
    await ingest(await club.load(), 'members', club.options);
    expect((await tokens.of('members', 'M999'))?.master).toMatch(/^[0-9a-f]{32,}$/);
    expect((await tokens.of('members', 'M002'))?.master).toBe(master);
  });

  test("are given under a key that is its owner's alone, at every time", async () => {
    const key = join(club.root, keyFile);
    chmodSync(key, 0o644);
    await expect(tokens.of('members', 'M002')).rejects.toMatchObject({ code: 'key-permissions' });
    chmodSync(key, 0o600);
    expect((await tokens.of('members', 'M002'))?.master).toBe(master);
    renameSync(key, `${key}.away`);
    await expect(tokens.of('members', 'M002')).rejects.toMatchObject({ code: 'key-missing' });
    renameSync(`${key}.away`, key);
    expect((await tokens.of('members', 'M002'))?.master).toBe(master);
  });

  test('are of nobody where the secrets are gone', async () => {
    rmSync(join(vault(), 'secrets.parquet'));
    expect(await tokens.of('members', 'M002')).toBeNull();
  });
});
