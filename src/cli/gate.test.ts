import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { record } from './recording.fixture.ts';

let folder = '';
let root = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'astold-gate-'));
  root = join(folder, 'club');
  expect((await record(['init', 'club'], folder)).status).toBe(0);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});
const json = async (words: readonly string[]) => JSON.parse((await record([...words, '--json'], root)).out);

describe('a workspace just made', () => {
  test('passes its own check, and the report is kept beside it', async () => {
    const ran = await record(['check', 'toy-offer'], root);
    expect([ran.status, ran.err]).toEqual([0, '']);
    expect(ran.out).toContain('may go: nothing in these rules refuses');
    const kept = /Report: (\S+)/.exec(ran.out)?.[1] ?? '';
    expect(await readFile(join(root, kept), 'utf8')).toContain('<!doctype html>');
  });

  test('shows the approval it lacks ready to be filled in, and what nobody filled in approves nothing', async () => {
    const { out } = await record(['check', 'toy-offer'], root);
    const [, name = '', lines = ''] = /in (approvals\/\S+\.yaml):\n((?: {4}\S.*\n)+)/.exec(out) ?? [];
    const path = join(root, name);
    await mkdir(join(root, 'approvals'), { recursive: true });
    await writeFile(path, lines.replaceAll(/^ {4}/gm, ''));
    expect(await json(['check', 'toy-offer'])).toMatchObject({ error: 'document-invalid' });
    const filled = lines.replace('by:', 'by: b.second').replace('because:', 'because: they agreed');
    await writeFile(path, filled.replaceAll(/^ {4}/gm, ''));
    expect((await record(['check', 'toy-offer'], root)).out).toContain('Next: astold release toy-offer');
    await rm(path);
  });

  test('is found by id or by the path of the file, and both say the same', async () => {
    const byId = await json(['check', 'toy-offer']);
    const byPath = await json(['check', 'requests/toy-offer.yaml']);
    expect(byPath.request.digest).toBe(byId.request.digest);
    expect(byId.released).toBeGreaterThan(0);
    expect(byId.evaluated).toBeGreaterThan(byId.released);
  });

  test('made again keeps its key, and a workspace of another content is refused untouched', async () => {
    const key = await readFile(join(root, 'keys/organisation.key'), 'utf8');
    expect((await record(['init', 'club'], folder)).status).toBe(0);
    expect(await readFile(join(root, 'keys/organisation.key'), 'utf8')).toBe(key);
    await mkdir(join(folder, 'other'));
    await writeFile(join(folder, 'other/astold.yaml'), 'organisation: mine\n');
    const ran = await record(['init', 'other'], folder);
    expect([ran.status, ran.err]).toEqual([2, expect.stringContaining('[init-refused]')]);
    expect(existsSync(join(folder, 'other/keys'))).toBe(false);
  });

  test('reads its sources, and knows the notice of every record', async () => {
    expect((await record(['ingest'], root)).status).toBe(0);
    const coverage = await json(['notice', 'coverage', 'members']);
    expect(coverage.collections[0].known.unknown).toBe(0);
    expect((await record(['notice', 'coverage', 'nobody'], root)).status).toBe(2);
  });

  test('shows, compares and dates its notices', async () => {
    expect((await json(['notice', 'show', 'web@1'])).statements[0].digest).toMatch(/^[0-9a-f]{64}$/);
    expect((await record(['notice', 'diff', 'web@1', 'web@1'], root)).out).toContain('the same');
    expect((await record(['notice', 'diff', 'web@1', 'web@9'], root)).status).toBe(2);
    expect((await record(['notice', 'at', 'web', '1999-01-01'], root)).status).toBe(3);
  });

  test('has rules for today, and none for 1990', async () => {
    expect((await record(['rules'], root)).status).toBe(0);
    expect((await record(['rules', '--on', '1990-01-01'], root)).status).toBe(3);
  });

  test('explains one record, and ends as the gate does for that record', async () => {
    const ran = await json(['explain', 'toy-offer', '--person', 'M001']);
    expect((await record(['explain', 'toy-offer', '--person', 'M001'], root)).status).toBe(
      ran.released ? 0 : 3,
    );
    expect((await record(['explain', 'toy-offer', '--person', 'nobody'], root)).status).toBe(2);
  });
});

describe('release', () => {
  test('of a workspace without a key for its log lets nothing go, and says what to do', async () => {
    const [key, kept] = [join(root, 'keys/log.key'), join(root, 'keys/kept.key')];
    await rename(key, kept);
    const ran = await record(['release', 'toy-offer'], root);
    await rename(kept, key);
    expect([ran.status, ran.err]).toEqual([3, expect.stringContaining('[release-needs-log]')]);
    expect(ran.err).toContain('astold log init');
    expect(existsSync(join(root, 'releases'))).toBe(false);
  });

  test('of a reconstruction needs an approval, then writes once', async () => {
    const config = await readFile(join(root, 'astold.yaml'), 'utf8');
    const today = new Date().toISOString().slice(0, 10);
    await writeFile(
      join(root, 'astold.yaml'),
      config.replace('kind: live', 'kind: reconstruction').replace(/clock: .*/, `clock: ${today}T12:00:00Z`),
    );
    expect((await record(['release', 'toy-offer'], root)).status).toBe(3);
    const { request } = await json(['check', 'toy-offer']);
    await mkdir(join(root, 'approvals'), { recursive: true });
    await writeFile(
      join(root, 'approvals/first.yaml'),
      `approval: first\nrequest: toy-offer\nrequest-digest: "${request.digest}"\nby: b.second\non: ${today}\nlawful-because: "they agreed"\n`,
    );
    const released = await record(['release', 'toy-offer'], root);
    expect([released.status, released.err]).toEqual([0, '']);
    expect(released.out.split('\n')[0]).toContain('reconstruction');
    expect(existsSync(join(root, `releases/${today}-toy-offer/manifest.json`))).toBe(true);
    const again = await record(['release', 'toy-offer'], root);
    expect([again.status, again.err]).toEqual([2, expect.stringContaining('[release-exists]')]);
    expect((await record(['release', 'toy-offer', '--as-of', '2020-01-01T00:00:00Z'], root)).status).toBe(2);
  });
});

test('a mistyped term is shown at its place, with the nearest one, and nothing is decided', async () => {
  const file = join(root, 'requests/toy-offer.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('dpv:DirectMarketing', 'dpv:DirectMarketting'));
  const ran = await record(['check', 'toy-offer'], root);
  expect(ran.status).toBe(2);
  expect(ran.err).toMatch(/requests\/toy-offer\.yaml:\d+:\d+\n[\s\S]*\^{5,}[\s\S]*dpv:DirectMarketing/);
  expect((await json(['check', 'toy-offer'])).faults).toHaveLength(1);
  await writeFile(file, text);
});
