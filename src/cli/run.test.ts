import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { record } from './recording.fixture.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'astold-cli-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('how a run ends', () => {
  test.each([
    [['--help'], 0],
    [['help', 'check'], 0],
    [['--version'], 0],
    [['vocab', 'purposes'], 0],
    [[], 2],
    [['chek'], 2],
    [['check'], 2],
    [['check', 'x', '--as-of', '2017-05-05'], 2],
    [['check', 'x', '--threads', '0'], 2],
    [['check', 'x', '--memory-limit', 'much'], 2],
    [['vocab', 'nothing'], 2],
    [['rules', '--on', '2017-02-30'], 2],
    [['explain', 'x'], 2],
    [['check', 'x'], 2],
    [['notice', 'at', 'fax', '2017-01-01'], 2],
    [['notice', 'at', 'web', 'today'], 2],
    [['check', 'x', '--nonsense'], 2],
  ])('astold %j outside a workspace ends with %i', async (words, status) => {
    const ran = await record(words, folder);
    expect(ran.status).toBe(status);
    expect(status === 0 ? ran.err : ran.out).toBe('');
    expect((status === 0 ? ran.out : ran.err).length).toBeGreaterThan(0);
  });

  test('a mistyped command is met with the nearest one', async () => {
    expect((await record(['chek'], folder)).err).toContain('Did you mean check?');
  });

  test('where there is no workspace, it says how to make or name one', async () => {
    const ran = await record(['check', 'x'], folder);
    expect(ran.err).toContain('[workspace-missing]');
    expect(ran.err).toContain('astold init');
  });

  test('with --json an error is JSON too', async () => {
    const ran = await record(['check', 'x', '--json'], folder);
    expect(JSON.parse(ran.out)).toMatchObject({ error: 'workspace-missing' });
    expect(ran.err).toBe('');
  });

  test.each([
    ['chek', '--json'],
    ['check', '--json'],
    ['--json'],
    ['check', 'x', '--threads', '2000', '--json'],
    ['check', 'x', '--threads', '1e1', '--json'],
    ['check', 'x', '--memory-limit', '1MB', '--json'],
    ['init', '', '--json'],
  ])('with --json wrong use is JSON too: astold %s %s %s', async (...words) => {
    const ran = await record(words, folder);
    expect([ran.status, ran.err, JSON.parse(ran.out)]).toMatchObject([2, '', { error: 'usage' }]);
    expect(ran.out).not.toContain('Run with --help');
  });

  test('the version is plain, with --json or without', async () => {
    expect((await record(['--version', '--json'], folder)).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('a file where a folder should be is said by its place in the workspace', async () => {
    await record(['init', 'blocked'], folder);
    await writeFile(join(folder, 'blocked/.astold'), '');
    const ran = await record(['check', 'toy-offer'], join(folder, 'blocked'));
    expect([ran.status, ran.err]).toEqual([
      2,
      expect.stringMatching(/^error: \.astold\S*: .* \[ENOTDIR\]\n$/),
    ]);
  });

  test('a folder named as the workspace must be one itself', async () => {
    await mkdir(join(folder, 'outer/inner'), { recursive: true });
    await writeFile(join(folder, 'outer/astold.yaml'), '');
    const ran = await record(['check', 'x', '--workspace', 'outer/inner'], folder);
    expect([ran.status, ran.err]).toEqual([2, expect.stringContaining('[workspace-missing]')]);
  });
});

describe('lint', () => {
  const workspace = async (name: string, notice: string): Promise<string> => {
    const root = join(folder, name);
    await mkdir(join(root, 'notices'), { recursive: true });
    await writeFile(join(root, 'astold.yaml'), '');
    await writeFile(join(root, 'notices/web.md'), notice);
    return root;
  };
  const vague = '---\nshown: { from: 2022-01-01, until: null }\n---\nWe may share it.\n';

  test('findings end it with 1, and with 0 where that was asked', async () => {
    const root = await workspace('vague', vague);
    const ran = await record(['lint'], root);
    expect(ran.status).toBe(1);
    expect(ran.out).toContain('notices/web.md:4:4');
    expect(ran.out).toContain('a person must decide');
    expect((await record(['lint', '--exit-zero'], root)).status).toBe(0);
  });

  test('JSON and SARIF carry the same findings', async () => {
    const root = await workspace('both', vague);
    const json = JSON.parse((await record(['lint', '--json'], root)).out);
    const sarif = JSON.parse((await record(['lint', '--sarif'], root)).out);
    expect(json.findings.length).toBeGreaterThan(0);
    expect(sarif.runs[0].results.map((r: { ruleId: string }) => r.ruleId)).toEqual(
      json.findings.map((f: { id: string }) => f.id),
    );
  });

  test('JSON and SARIF at once is wrong use', async () => {
    const ran = await record(['lint', '--json', '--sarif'], await workspace('twice', vague));
    expect([ran.status, JSON.parse(ran.out).error]).toEqual([2, 'usage']);
  });

  test('a workspace without notices is wrong input, not a clean bill', async () => {
    const root = await workspace('none', vague);
    await rm(join(root, 'notices/web.md'));
    const ran = await record(['lint'], root);
    expect([ran.status, ran.err]).toEqual([2, expect.stringContaining('[no-notices]')]);
  });

  test('text of a notice cannot write to the terminal', async () => {
    const root = await workspace(
      'escape',
      '---\nconsents: [{ id: "a\\e[2Jb", kind: opt-out }]\n---\nText.\n',
    );
    const ran = await record(['lint'], root);
    expect(ran.out).toContain('a�[2Jb');
    expect(ran.out).not.toContain('\u001b');
  });
});

describe('the launcher', () => {
  const run = promisify(execFile);
  const launcher = resolve('src/cli/main.js');
  const pretending = (version: string) =>
    `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`;

  test('an old Node is told what to do, and runs nothing', async () => {
    const failed = await run(process.execPath, [
      '--import',
      pretending('20.20.0'),
      launcher,
      'vocab',
      'bases',
    ]).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('needs Node 22.18'),
    });
  });

  test.skipIf(process.platform !== 'linux')(
    'an answer that cannot be written is a failure, in one line',
    async () => {
      const failed = await run('sh', [
        '-c',
        '"$0" "$1" vocab data > /dev/full',
        process.execPath,
        launcher,
      ]).catch((error: unknown) => error);
      expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: [^\n]*\[ENOSPC\]\n$/) });
    },
  );

  test('what it writes is its owner’s alone to read', async () => {
    await run(process.execPath, [launcher, 'init', 'private'], { cwd: folder });
    for (const path of ['private', 'private/data', 'private/data/members.csv'])
      expect((await stat(join(folder, path))).mode & 0o077).toBe(0);
  });

  test('Node as pinned runs it, and the completion script knows the commands', async () => {
    expect((await run(process.execPath, [launcher, 'vocab', 'bases'])).stdout).toContain('eu-gdpr:A6-1-a');
    expect((await run(process.execPath, [launcher, 'completion', 'bash'])).stdout).toContain('astold');
    const suggested = await run(process.execPath, [launcher, 'complete', '--', 'ch']);
    expect(suggested.stdout).toContain('check');
  });

  test('request ids are completed from the workspace', async () => {
    const root = join(folder, 'completing');
    await mkdir(join(root, 'requests'), { recursive: true });
    await writeFile(join(root, 'astold.yaml'), '');
    await writeFile(join(root, 'requests/toy-offer.yaml'), '');
    const suggested = await run(process.execPath, [launcher, 'complete', '--', 'check', ''], { cwd: root });
    expect(suggested.stdout).toContain('toy-offer');
  });
});
