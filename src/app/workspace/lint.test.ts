import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lint } from './lint.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'astold-lint-'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});
const write = async (file: string, text: string | Buffer) => {
  await mkdir(join(root, 'notices'), { recursive: true });
  await writeFile(join(root, file), text);
};
const notice =
  '---\norganisation: club\nshown: { from: 2016-01-01, until: null }\n---\nParenting Club Ltd. We may.\n';

test('a workspace without notices is an error, not a clean bill', async () => {
  await expect(lint(root, [])).rejects.toMatchObject({ code: 'no-notices' });
  await mkdir(join(root, 'notices'));
  await expect(lint(root, [])).rejects.toMatchObject({ code: 'no-notices' });
});

test('the organisation named by its legal name in the register is told', async () => {
  await write('notices/web.md', notice);
  const ids = async () => (await lint(root, [])).findings.map((finding) => finding.id);
  expect(await ids()).toContain('missing/controller');
  await write(
    'organisations.yaml',
    'organisations:\n  - { id: club, legal-name: Parenting Club Ltd, aliases: [] }\n',
  );
  expect(await ids()).not.toContain('missing/controller');
});

test('a register that cannot be read takes no name as said', async () => {
  await write('notices/web.md', notice);
  await write('organisations.yaml', 'organisations: [\n');
  expect((await lint(root, [])).findings.map((finding) => finding.id)).toContain('missing/controller');
});

test('a notice that is named and not there is refused: nobody looked at it', async () => {
  await write('notices/web.md', notice);
  await expect(
    lint(root, [join(root, 'notices/web.md'), join(root, 'notices/none.md')]),
  ).rejects.toMatchObject({
    code: 'file-missing',
  });
});

test('a notice that is not UTF-8, or is no file, is a finding', async () => {
  await write('notices/latin.md', Buffer.from([0x2d, 0x2d, 0x2d, 0x0a, 0xe9, 0x0a]));
  const report = await lint(root, [join(root, 'notices/latin.md'), join(root, 'notices')]);
  expect(report.findings.map((finding) => [finding.file, finding.id])).toEqual([
    ['notices/latin.md', 'document/unreadable'],
    ['notices', 'document/unreadable'],
  ]);
});

test('only notices are read, in the order of their names', async () => {
  await write('notices/b.md', notice);
  await write('notices/a.md', notice);
  await write('notices/draft.txt', 'We may.');
  const report = await lint(root, []);
  expect(report.notices).toBe(2);
  expect([...new Set(report.findings.map((finding) => finding.file))]).toEqual([
    'notices/a.md',
    'notices/b.md',
  ]);
});
