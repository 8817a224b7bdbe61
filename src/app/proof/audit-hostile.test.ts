/** What comes to an auditor, or a recipient, is not what it should be: nothing is waited for, nor read without end. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, truncateSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLogVerifier } from '../../documents/log-key.ts';
import type { Verifier } from '../../log/keys.ts';
import { releasedWorkspace } from '../gate/evidence.fixture.ts';
import { type Audit, audit } from './audit.ts';

let root: string;
let id: string;
let logKey: Verifier;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'astold-hostile-'));
  id = (await releasedWorkspace(join(root, 'club'))).id;
  logKey = await readLogVerifier(join(root, 'club'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const fresh = (place: 'evidence' | 'releases'): string => {
  const to = join(root, place);
  rmSync(to, { recursive: true, force: true });
  cpSync(join(root, 'club', place, id), to, { recursive: true });
  return to;
};
const audited = (dir: string, packaged: string | null): Promise<Audit> =>
  audit(dir, {
    ...{ package: packaged, log: null, logKey, witnesses: { witnesses: [], needed: 0 } },
    ...{ threads: 1, memoryLimit: null },
    onProgress: () => {},
  });
const others: readonly (readonly [string, (path: string) => unknown])[] = [
  ['a pipe', (path) => execFileSync('mkfifo', [path])],
  ['a link to what never ends', (path) => symlinkSync('/dev/zero', path)],
  ['a folder', (path) => mkdirSync(path)],
];
const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );

describe('an audit finds and names', () => {
  test.each(others)('%s in place of any file of the evidence', async (_, put) => {
    for (const name of filesIn(join(root, 'club/evidence', id))) {
      const dir = fresh('evidence');
      rmSync(join(dir, name));
      put(join(dir, name));
      const found = await audited(dir, null);
      expect([name, found.kind]).toEqual([name, 'differs']);
      expect(
        found.differences.map(({ where }) => where),
        name,
      ).toContain(name);
    }
  });

  test.each(others)('%s in place of any file of the package', async (_, put) => {
    for (const name of filesIn(join(root, 'club/releases', id))) {
      const packaged = fresh('releases');
      rmSync(join(packaged, name));
      put(join(packaged, name));
      const found = await audited(join(root, 'club/evidence', id), packaged);
      expect(found.differences, name).toMatchObject([{ code: 'file-malformed', where: `package ${name}` }]);
    }
  });

  test('a file that is larger than any of its kind', async () => {
    for (const name of ['counts.json', 'manifest.json', 'evidence.json']) {
      const dir = fresh('evidence');
      truncateSync(join(dir, name), 2 ** 40);
      const found = await audited(dir, null);
      expect(found.differences, name).toMatchObject([{ code: 'file-malformed', where: name }]);
    }
  });
});
