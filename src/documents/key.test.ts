import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deriveKey, readKey } from './key.ts';

let root: string;
const secret = 'ab'.repeat(32);
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'astold-key-'));
  await mkdir(join(root, 'keys'), { mode: 0o700 });
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function put(text: string, mode: number): Promise<void> {
  await writeFile(join(root, 'keys/organisation.key'), text);
  await chmod(join(root, 'keys/organisation.key'), mode);
}

test('a key that is not there is refused', async () => {
  await expect(readKey(join(root, 'elsewhere'))).rejects.toMatchObject({ code: 'key-missing' });
});

test('a key of 64 hex digits for its owner alone is read', async () => {
  await put(`${secret}\n`, 0o600);
  expect((await readKey(root)).toString('hex')).toBe(secret);
});

test.each([0o640, 0o604, 0o644, 0o660])('a key that others can read is refused (mode %o)', async (mode) => {
  await put(secret, mode);
  await expect(readKey(root)).rejects.toMatchObject({ code: 'key-permissions' });
});

test.each([0o750, 0o705, 0o777])(
  'a folder of keys that is open to others is refused (mode %o)',
  async (mode) => {
    await put(secret, 0o600);
    await chmod(join(root, 'keys'), mode);
    await expect(readKey(root)).rejects.toMatchObject({ code: 'key-permissions' });
    await chmod(join(root, 'keys'), 0o700);
  },
);

test('a folder where the key should be holds no key', async () => {
  const other = join(root, 'other');
  await mkdir(join(other, 'keys/organisation.key'), { recursive: true, mode: 0o700 });
  await expect(readKey(other)).rejects.toMatchObject({ code: 'key-malformed' });
});

test.each(['', secret.slice(2), `${secret}00`, secret.replace('a', 'g'), '0'.repeat(64)])(
  'a malformed key is refused, and never shown',
  async (text) => {
    await put(text, 0o600);
    const error: unknown = await readKey(root).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'key-malformed' });
    if (text !== '') expect(String(error)).not.toContain(text);
  },
);

test('derived keys are 32 ASCII characters, one for each use', () => {
  const master = Buffer.from(secret, 'hex');
  const key = deriveKey(master, 'astold/1/decisions/2026-11-21-toy-offer/members');
  expect(key).toMatch(/^[A-Za-z0-9_-]{32}$/);
  expect(deriveKey(master, 'astold/1/decisions/2026-11-21-toy-offer/members')).toBe(key);
  expect(deriveKey(master, 'astold/1/decisions/2026-11-21-toy-offer/others')).not.toBe(key);
  // HKDF-SHA-256 of RFC 5869, test case 3 (salt and info empty), its first 24 bytes.
  expect(Buffer.from(deriveKey(Buffer.alloc(22, 0x0b), ''), 'base64url').toString('hex')).toBe(
    '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879e',
  );
});
