import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { checkRequest } from './check-request.ts';
import {
  code,
  type FlowFixture,
  flowFixture,
  must,
  officer,
  requested,
  steward,
  stranger,
} from './flow.fixture.ts';
import { ingestSource } from './ingest-source.ts';
import { listDocuments } from './list-documents.ts';
import { listSources } from './list-sources.ts';
import { putDocument } from './put-document.ts';
import { readDocument } from './read-document.ts';
import { recordPreference, recordPreferenceInput } from './record-preference.ts';
import { removeDocument } from './remove-document.ts';
import type { Actor } from './service.ts';
import { showIngest } from './show-ingest.ts';
import { uploadData } from './upload-data.ts';
import { rootOf, withWorkspace } from './workspace-of.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
async function* bodyOf(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

describe.each(oneDatabase)('on $name', (database) => {
  let club: FlowFixture;
  const as = () => club.service;
  const root = () => rootOf(club.service, club.org);
  const read = async (path: string) => must(await readDocument(as(), steward, { path }));
  beforeAll(async () => {
    club = await flowFixture(database);
  });
  afterAll(() => club.drop());

  describe('a document', () => {
    const path = 'suppressions/own.yaml';

    test('is replaced by a new version, and its earlier ones stay', async () => {
      const before = await read(path);
      const text = before.text.replace('An invented file', 'A file');
      const put = must(await putDocument(as(), steward, { path, text, version: before.version }));
      expect(put).toMatchObject({
        version: before.version + 1,
        digest: sha256(text),
        changedBy: 's.steward',
      });
      expect((await read(path)).text).toBe(text);
      const earlier = must(await readDocument(as(), steward, { path, digest: before.digest }));
      expect(earlier).toMatchObject({ text: before.text, version: 0 });
    });

    test('with a fault is refused with its place, and nothing changes', async () => {
      const before = await read(path);
      const text = before.text.replace('level: record', 'level: recrod');
      const answer = await putDocument(as(), steward, { path, text, version: before.version });
      expect(answer).toMatchObject({
        code: 'documents-faulty',
        faults: [{ file: path, line: 4, column: 8 }],
      });
      expect(await read(path)).toEqual(before);
    });

    test('that others cannot do without is not removed', async () => {
      const { version } = await read('organisations.yaml');
      const answer = await removeDocument(as(), steward, { path: 'organisations.yaml', version });
      expect(code(answer)).toBe('documents-faulty');
      expect((await read('organisations.yaml')).version).toBe(version);
    });

    test('changed by two at once is changed by one', async () => {
      const { text, version } = await read(path);
      const put = (words: string) =>
        putDocument(as(), steward, { path, text: `# ${words}\n${text}`, version });
      const answers = await Promise.all([put('one'), put('two'), put('three')]);
      expect(answers.map(code).sort()).toEqual(['changed-meanwhile', 'changed-meanwhile', 'done']);
      expect((await read(path)).version).toBe(version + 1);
    });

    test('is put where documents stand, and nowhere else', async () => {
      for (const outside of [
        'duties.yaml',
        'approvals/a.yaml',
        'keys/log.key',
        '../x.yaml',
        'requests/r.yaml',
      ])
        expect(code(await putDocument(as(), steward, { path: outside, text: 'a: 1\n', version: 0 }))).toBe(
          'path-unknown',
        );
    });

    test('names no file outside the data of its organisation', async () => {
      const { text, version } = await read(path);
      for (const file of [
        '/etc/passwd',
        '../../other-club/data/x.csv',
        '../vault/ledger.csv',
        '../data/../keys/x',
      ]) {
        const named = text.replace('../data/own-stops.csv', file);
        const answer = await putDocument(as(), steward, { path, text: named, version });
        expect(answer, file).toMatchObject({ faults: [{ code: 'document-unreadable', file: path }] });
      }
      const config = await read('astold.yaml');
      const rules = config.text.replace('rules: uk', 'rules: /etc/rules.yaml');
      const answer = await putDocument(as(), steward, {
        path: 'astold.yaml',
        text: rules,
        version: config.version,
      });
      expect(code(answer)).toBe('documents-faulty');
    });

    test('of another organisation is not there', async () => {
      expect(code(await readDocument(as(), stranger, { path }))).toBe('not-found');
      expect(must(await listDocuments(as(), stranger, { limit: 10 })).items).toEqual([]);
    });

    test('is listed, a page at a time', async () => {
      const paths: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = must(await listDocuments(as(), steward, { limit: 3, ...(cursor ? { cursor } : {}) }));
        paths.push(...page.items.map((each) => each.path));
        cursor = page.next;
      }
      expect(paths).toEqual([...new Set(paths)].sort());
      expect(paths).toContain('notices/web-1.md');
    });
  });

  describe('a sign-off', () => {
    const path = 'signoffs/web-1-toy-offers.yaml';
    const notice = 'notices/web-1.md';
    const put = async (actor: Actor, by: string): Promise<string> => {
      const { text, version } = await read(path);
      return code(
        await putDocument(as(), actor, { path, text: text.replace(/^by: .*$/m, `by: ${by}`), version }),
      );
    };

    test('is by whoever puts it', async () => {
      expect(await put(steward, 'b.second')).toBe('two-people');
      expect(await put(steward, 'o.officer')).toBe('two-people');
      expect(await put(officer, 's.steward')).toBe('two-people');
      expect((await read(path)).text).toContain('by: b.second');
      expect(await put(steward, 's.steward')).toBe('done');
    });

    test('is by nobody who put a version of the notice', async () => {
      const before = await read(notice);
      const change = { path: notice, text: `${before.text}\nMore words.\n`, version: before.version };
      must(await putDocument(as(), steward, change));
      expect(await put(steward, 's.steward')).toBe('two-people');
      const back = { path: notice, text: before.text, version: before.version + 1 };
      must(await putDocument(as(), steward, back));
      expect(await put(steward, 's.steward')).toBe('two-people');
      expect(await put(officer, 'o.officer')).toBe('done');
    });

    test('and an assessment are all that an officer puts', async () => {
      for (const other of [notice, 'astold.yaml', 'organisations.yaml', 'sources/members.yaml']) {
        const { text, version } = await read(other);
        expect(code(await putDocument(as(), officer, { path: other, text, version })), other).toBe(
          'not-allowed',
        );
      }
      const assess = (by: string) =>
        putDocument(as(), officer, {
          path: 'assessments/a.yaml',
          version: 0,
          text: `assessment: a\nkind: legitimate-interests\norganisation: example-toys\npurposes: [dpv:DirectMarketing]\nin-force: { from: 2026-01-01, until: 2027-01-01 }\noutcome: "fine"\nby: ${by}\n`,
        });
      expect(code(await assess('a.dpo'))).toBe('two-people');
      const { path: put, version } = must(await assess('o.officer'));
      must(await removeDocument(as(), steward, { path: put, version }));
    });
  });

  describe('the workspace of a job', () => {
    test('holds the current documents, what is made of the state, and nothing that is gone', async () => {
      const path = 'assessments/gone.yaml';
      const text =
        'assessment: gone\nkind: legitimate-interests\norganisation: example-toys\npurposes: [dpv:DirectMarketing]\nin-force: { from: 2026-01-01, until: 2027-01-01 }\noutcome: "fine"\nby: s.steward\n';
      const { version } = must(await putDocument(as(), steward, { path, text, version: 0 }));
      await withWorkspace(as(), club.org, async ({ workspace }) => {
        expect(workspace.assessments).toHaveLength(1);
        expect([workspace.duties, workspace.freezes]).toEqual([[], []]);
      });
      must(await removeDocument(as(), steward, { path, version }));
      await withWorkspace(as(), club.org, async ({ workspace }) => {
        expect(workspace.assessments).toEqual([]);
      });
      expect(existsSync(join(root(), path))).toBe(false);
    });

    test('is one at a time, and another is told to come back', async () => {
      await withWorkspace(as(), club.org, async () => {
        await expect(withWorkspace(as(), club.org, async () => {})).rejects.toMatchObject({
          code: 'workspace-busy',
        });
      });
      await withWorkspace(as(), club.org, async () => {});
    });

    test('that another server took over commits nothing more', async () => {
      await withWorkspace(as(), club.org, async ({ requireHeld }) => {
        await as().state.as(club.org, (tx) => requireHeld(tx));
        await as().state.as(club.org, (tx) =>
          tx.updateTable('lease').set({ owner: 'elsewhere/x' }).where('org', '=', club.org).execute(),
        );
        await expect(as().state.as(club.org, (tx) => requireHeld(tx))).rejects.toMatchObject({
          code: 'lease-lost',
        });
      });
      // What is not ours to give back expires.
      await expect(withWorkspace(as(), club.org, async () => {})).rejects.toMatchObject({
        code: 'workspace-busy',
      });
      await as().state.as(club.org, (tx) => tx.deleteFrom('lease').where('org', '=', club.org).execute());
    });

    test('of a process that died here is had at once', async () => {
      await as().state.as(club.org, (tx) =>
        tx
          .insertInto('lease')
          .values({
            org: club.org,
            name: 'workspace',
            owner: `${hostname()}/dead`,
            expires_at: new Date(Date.now() + 60_000),
          })
          .execute(),
      );
      await withWorkspace(as(), club.org, async ({ workspace }) => expect(workspace.root).toBe(root()));
    });
  });

  describe('data', () => {
    const csv = 'a,b\n1,2\n';

    test('comes whole, and is then there', async () => {
      const input = { name: 'new.csv', sha256: sha256(csv), bytes: csv.length };
      must(await uploadData(as(), steward, input, bodyOf('a,b\n', '1,2\n')));
      expect(await readFile(join(root(), 'data', 'new.csv'), 'utf8')).toBe(csv);
    });

    test('that was cut short, is other than was announced, or too large, leaves what was there', async () => {
      const input = { name: 'new.csv', sha256: sha256(csv), bytes: csv.length };
      const send = (given: object, ...parts: string[]) =>
        uploadData(as(), steward, { ...input, ...given }, bodyOf(...parts));
      expect(code(await send({}, 'a,b\n'))).toBe('upload-refused');
      expect(code(await send({}, 'a,b\n', '1,2\n', 'more'))).toBe('upload-refused');
      expect(code(await send({ sha256: sha256('x') }, csv))).toBe('upload-refused');
      expect(code(await send({ bytes: 2 << 20 }, csv))).toBe('upload-refused');
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield Buffer.from('a,b\n');
        throw new Error('the connection was lost');
      }
      await expect(uploadData(as(), steward, input, broken())).rejects.toThrow('lost');
      expect(await readFile(join(root(), 'data', 'new.csv'), 'utf8')).toBe(csv);
      expect(await readdir(join(root(), '.astold', 'uploads'))).toEqual([]);
    });

    test('of a source is read by a job', async () => {
      const { id } = must(await ingestSource(as(), steward, { source: 'members' }));
      expect(must(await ingestSource(as(), steward, { source: 'members' })).id).toBe(id);
      await club.work();
      expect(must(await showIngest(as(), steward, { ingest: id }))).toMatchObject({
        state: 'done',
        records: 20,
      });
      const { items } = must(await listSources(as(), steward, {}));
      expect(items).toMatchObject([{ source: 'members', lastIngest: { id, records: 20 } }]);
      expect(items[0]?.files[0]?.bytes).toBeGreaterThan(0);
      expect(code(await ingestSource(as(), steward, { source: 'others' }))).toBe('not-found');
      expect(code(await showIngest(as(), stranger, { ingest: id }))).toBe('not-found');
    });

    test('that cannot be read fails the job, in words and without a path of the server', async () => {
      await requested(club, 'unreadable');
      const before = await readFile(join(root(), 'data', 'members.csv'), 'utf8');
      const send = (text: string) =>
        uploadData(
          as(),
          steward,
          { name: 'members.csv', sha256: sha256(text), bytes: text.length },
          bodyOf(text),
        );
      must(await send('nothing,like,it\n'));
      const check = must(await checkRequest(as(), steward, { request: 'unreadable' }));
      const { id } = must(await ingestSource(as(), steward, { source: 'members' }));
      await club.work();
      const ingest = must(await showIngest(as(), steward, { ingest: id }));
      expect(ingest.state).toBe('failed');
      expect(ingest.faultCode).toMatch(/^[a-z-]+$/);
      expect(ingest.faultWords).not.toContain(club.made.data);
      expect(ingest.faultWords).toContain('members.csv');
      expect(check.state).toBe('queued');
      must(await send(before));
    });
  });

  describe('a source', () => {
    test('stays under its id once anybody said something of it: under another its people would be without their stops', async () => {
      const { text } = await read('sources/members.yaml');
      const path = 'sources/others.yaml';
      const put = async (id: string): Promise<string> => {
        const version = await read(path).then(
          (found) => found.version,
          () => 0,
        );
        const changed = text.replace('source: members', `source: ${id}`);
        return code(await putDocument(as(), steward, { path, text: changed, version }));
      };
      expect([await put('others'), await put('visitors')]).toEqual(['done', 'done']);
      const stop = { kind: 'objection', source: 'visitors', person: 'M004', by: 'phone' };
      must(await recordPreference(as(), steward, recordPreferenceInput.parse(stop)));
      expect(await put('others')).toBe('wrong-state');
      const { version } = await read(path);
      expect(code(await removeDocument(as(), steward, { path, version }))).toBe('wrong-state');
      expect((await read(path)).version).toBe(version);
    });
  });
});
