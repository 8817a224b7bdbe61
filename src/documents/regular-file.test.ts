import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outsideChunks, readOutside, readRegular, requireRegular } from './regular-file.ts';

let dir: string;
const at = (name: string): string => join(dir, name);
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'astold-files-'));
  writeFileSync(at('file'), 'twelve bytes');
  mkdirSync(at('folder'));
  execFileSync('mkfifo', [at('pipe')]);
  symlinkSync(at('file'), at('link'));
  symlinkSync('/dev/zero', at('endless'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function whole(path: string): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of outsideChunks(path)) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

describe('a file', () => {
  test('is read where it is one, and the way a person names it may be a link', async () => {
    expect((await readRegular(at('file'))).toString()).toBe('twelve bytes');
    expect((await readRegular(at('link'))).toString()).toBe('twelve bytes');
    expect((await readOutside(at('file'), 12)).toString()).toBe('twelve bytes');
    expect(await whole(at('file'))).toBe('twelve bytes');
    await expect(requireRegular(at('link'))).resolves.toBeUndefined();
  });

  test('that came from outside is no link, and no larger than any is', async () => {
    await expect(readOutside(at('link'), 12)).rejects.toMatchObject({
      code: 'not-a-file',
      path: at('link'),
    });
    await expect(whole(at('link'))).rejects.toMatchObject({ code: 'not-a-file' });
    await expect(readOutside(at('file'), 11)).rejects.toMatchObject({ code: 'file-too-large' });
    await expect(readOutside(at('none'), 12)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('that is a pipe, a device or a folder is not waited for, and says which one it is', async () => {
    for (const name of ['pipe', 'endless', 'folder']) {
      const refused = { code: 'not-a-file', path: at(name) };
      await expect(requireRegular(at(name)), name).rejects.toMatchObject(refused);
      await expect(readRegular(at(name)), name).rejects.toMatchObject(refused);
      await expect(readOutside(at(name), 12), name).rejects.toMatchObject(refused);
      await expect(whole(at(name)), name).rejects.toMatchObject(refused);
    }
  });
});
