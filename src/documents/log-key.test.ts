import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeyError } from './key.ts';
import { createLogKey, readLogKey, readLogVerifier } from './log-key.ts';

const origin = 'astold.example/club';
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'astold-log-key-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));
const key = (): string => join(root, 'keys/log.key');
const pub = (): string => join(root, 'keys/log.pub');
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'taken',
    (error: unknown) => (error instanceof KeyError ? error.code : String(error)),
  );

describe("the log's key", () => {
  test('is made once, for its owner alone, and its public half for everybody', async () => {
    // As the launcher sets it: what else is written is for its owner alone.
    const umask = process.umask(0o077);
    expect(await createLogKey(root, origin)).toBe('made');
    process.umask(umask);
    const before = readFileSync(key());
    expect(await createLogKey(root, origin)).toBe('kept');
    expect(readFileSync(key())).toEqual(before);
    expect(statSync(key()).mode & 0o777).toBe(0o600);
    expect((await readLogKey(root)).verifier.vkey).toBe((await readLogVerifier(root)).vkey);
    expect(statSync(pub()).mode & 0o777).toBe(0o644);
    expect(readFileSync(pub(), 'utf8')).toMatch(/^astold\.example\/club\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{44}\n$/);
  });

  test('of another log, open to others, damaged or half gone is refused', async () => {
    await createLogKey(root, origin);
    expect(await refusal(createLogKey(root, 'astold.example/other'))).toBe('key-malformed');
    chmodSync(key(), 0o640);
    expect(await refusal(readLogKey(root))).toBe('key-permissions');
    chmodSync(key(), 0o600);
    const [secret, open] = [readFileSync(key()), readFileSync(pub(), 'utf8')];
    writeFileSync(key(), 'nothing of the kind');
    expect(await refusal(readLogKey(root))).toBe('key-malformed');
    writeFileSync(key(), secret);
    writeFileSync(pub(), open.replace('+', '+0'));
    expect(await refusal(readLogVerifier(root))).toBe('key-malformed');
    writeFileSync(pub(), open);
    rmSync(key());
    // Another secret half would be another log under the same name.
    expect(await refusal(createLogKey(root, origin))).toBe('key-missing');
    expect(await refusal(readLogKey(root))).toBe('key-missing');
  });

  test('whose public half was not written yet gets it again, and the same', async () => {
    await createLogKey(root, origin);
    const open = readFileSync(pub());
    rmSync(pub());
    expect(await createLogKey(root, origin)).toBe('kept');
    expect(readFileSync(pub())).toEqual(open);
  });

  test('of two that do not belong together none is used, and no message holds any of it', async () => {
    await createLogKey(root, origin);
    const other = mkdtempSync(join(tmpdir(), 'astold-log-key-'));
    await createLogKey(other, origin);
    const secret = readFileSync(key(), 'utf8').split('\n')[1] ?? '';
    writeFileSync(pub(), readFileSync(join(other, 'keys/log.pub')));
    rmSync(other, { recursive: true });
    const error = await readLogKey(root).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'key-malformed' });
    expect(String(error)).not.toContain(secret.slice(0, 12));
  });
});
