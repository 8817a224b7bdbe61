import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authSecret, authSecretFile } from './auth-secret.ts';

describe('the secret of the accounts', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'astold-secret-'));
  });
  afterAll(() => rm(root, { recursive: true }));

  it('is made once, for its owner alone, and read ever after', async () => {
    const data = join(root, 'once');
    const made = await authSecret({ data, given: null });
    expect(made.length).toBeGreaterThanOrEqual(64);
    expect(await authSecret({ data, given: null })).toBe(made);
    expect((await stat(join(data, authSecretFile))).mode & 0o777).toBe(0o600);
  });

  it('is one, though two servers start at once', async () => {
    const data = join(root, 'twice');
    const made = await Promise.all(Array.from({ length: 8 }, () => authSecret({ data, given: null })));
    expect(new Set(made).size).toBe(1);
    expect((await readFile(join(data, authSecretFile), 'utf8')).trim()).toBe(made[0]);
  });

  it('is what the environment gives, and then no file is made', async () => {
    const data = join(root, 'given');
    const given = 'a secret of at least thirty-two characters';
    expect(await authSecret({ data, given })).toBe(given);
    await expect(stat(data)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is refused where it is short, given or in the file: an empty file is not made anew', async () => {
    await expect(authSecret({ data: root, given: 'short' })).rejects.toMatchObject({
      code: 'secret-too-short',
    });
    await expect(authSecret({ data: root, given: '' })).rejects.toMatchObject({ code: 'secret-too-short' });
    await writeFile(join(root, authSecretFile), '\n');
    await expect(authSecret({ data: root, given: null })).rejects.toMatchObject({ code: 'secret-too-short' });
  });
});
