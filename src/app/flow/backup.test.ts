import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPromise } from 'yauzl';
import { readLogKey } from '../../documents/log-key.ts';
import { databases, type TestDatabase } from '../../store/postgres/databases.fixture.ts';
import { deleteRows } from '../../store/postgres/delete-rows.fixture.ts';
import { dumpState } from '../../store/postgres/dump-state.ts';
import { lockFolder } from '../../store/postgres/folder-lock.ts';
import { postgresLedger } from '../../store/postgres/ledger.ts';
import { migrations } from '../../store/postgres/migrations/all.ts';
import { openState } from '../../store/postgres/open-state.ts';
import type { State } from '../../store/postgres/state.ts';
import { publishLog } from '../../store/publish-log.ts';
import { withAccounts } from './accounts.fixture.ts';
import { addWebhook } from './add-webhook.ts';
import { type BackupInput, backup } from './backup.ts';
import { type FlowFixture, flowFixture, must, serviceOn, steward } from './flow.fixture.ts';
import { workspacesFolder } from './places.ts';
import { queueLinkMail } from './queue-mail.ts';
import { type Restored, type RestoreInput, restore } from './restore.ts';
import { resumeLog } from './resume-log.ts';
import { lockName } from './workspace-of.ts';

const secret = 'auth.key';
const now = new Date('2026-11-22T12:00:00Z');

/** Of a data folder. */
const workspaces = ({ data }: { readonly data: string }): string => join(data, workspacesFolder);

describe.each(databases)('on $name', (database) => {
  let flow: FlowFixture;
  let folder: string;
  const archive = (name: string): string => join(folder, name);
  const input = (to: string, keysTo: string | null): BackupInput => ({
    ...{ state: flow.made.state, data: dirname(flow.service.data), secrets: [secret], waitMs: 0, now },
    ...{ to: archive(to), keysTo: keysTo === null ? null : archive(keysTo) },
  });
  const ledgerOf = (state: State, data: string) =>
    postgresLedger({ state, org: flow.org, root: join(data, flow.org) });
  const logAndPublish = async (state: State, data: string): Promise<bigint> => {
    const ledger = await ledgerOf(state, data).open({ waitMs: 5_000 });
    await ledger.append([{ kind: 'preference', at: '2026-01-01T00:00:00Z', n: 1 } as never]);
    const signer = await readLogKey(join(data, flow.org));
    const { checkpoint } = await publishLog(
      ledger,
      signer,
      () => false,
      async (signed) => signed,
    );
    await ledger.close();
    return checkpoint.size;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'astold-backup-'));
    flow = await flowFixture(database);
    const { state } = flow.made;
    await logAndPublish(state, flow.service.data);
    writeFileSync(join(dirname(flow.service.data), secret), 'a secret', { mode: 0o600 });
    for (const [path, text] of [
      ['.astold/snapshots/aa/records.parquet', 'a snapshot'],
      ['.astold/tmp/half.parquet', 'half of something'],
      ['releases/r1/list.csv', 'a list'],
      ['vault/nonces.sqlite', 'nonces'],
    ] as const) {
      const file = join(flow.service.data, flow.org, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { mode: 0o600 });
    }
    // What is easily lost on the way: line ends of other alphabets, big numbers, the service's own rows, numbers given by the database.
    const mail = { id: 'm', recipient: 'x', kind: 'x', subject: 'a\u2028b\n\\"é', body: '', attempts: 0 };
    for (const org of ['*', flow.org])
      await state.as(org, (tx) =>
        tx
          .insertInto('mail')
          .values({ ...mail, org, made_at: '2026-01-01T00:00:00.123456Z', next_at: now })
          .execute(),
      );
    await state.as(flow.org, (tx) =>
      tx
        .insertInto('deed')
        .values(
          [1, 2, 3].map((n) => ({
            org: flow.org,
            at: now,
            actor: 'x',
            use_case: `u${n}`,
            subject: null,
            outcome: 'done',
          })),
        )
        .execute(),
    );
    await state.pool.query(
      `INSERT INTO staff_auth."user" (id, name, email, "emailVerified") VALUES ('ada', 'Ada', 'ada@example.org', true)`,
    );
    await state.pool.query(
      `INSERT INTO staff_auth.session (id, "expiresAt", token, "updatedAt", "userId", "secondFactor") VALUES ('s', now(), 't', now(), 'ada', true)`,
    );
    await backup(input('state.zip', 'keys.zip'));
  });
  afterAll(async () => {
    await flow.drop();
    rmSync(folder, { recursive: true });
  });

  /** An empty place, to put a backup back into. */
  const emptyPlace = async (): Promise<RestoreInput & { drop(): Promise<void> }> => {
    const from = { from: archive('state.zip'), keysFrom: archive('keys.zip') };
    const data = mkdtempSync(join(tmpdir(), 'astold-restored-'));
    const remove = (): void => rmSync(data, { recursive: true, force: true });
    if (database.name === 'PGlite')
      return { ...from, data, database: { url: null, ownerUrl: null }, drop: async () => remove() };
    const made = await database.create();
    await made.empty();
    return {
      ...{ ...from, data, database: { url: made.url, ownerUrl: made.ownerUrl } },
      drop: () => made.drop().finally(remove),
    };
  };

  describe('put back', () => {
    let into: Awaited<ReturnType<typeof emptyPlace>>;
    let restored: Restored;
    let state: State;
    beforeAll(async () => {
      into = await emptyPlace();
      restored = await restore(into);
      state = await openState({ ...into.database, data: into.data });
    });
    afterAll(async () => {
      await state.close();
      await into.drop();
    });

    test('it is what was backed up, row by row and file by file', async () => {
      expect(restored.organisations).toEqual([flow.org]);
      const rows = new Map(await rowsOf(state));
      const wanted = new Map(await rowsOf(flow.made.state));
      const head = `astold.log_head ${flow.org}`;
      // Of the log alone it is put down that it was put back.
      expect(rows.get(head)?.join()).toContain(`"published":"restored ${now.toISOString()}"`);
      for (const each of [rows, wanted]) each.delete(head);
      expect(rows).toEqual(wanted);
      const kept = (path: string): boolean =>
        !/(^|\/)(\.(guard|publish)\.sqlite|\.astold\/(?!snapshots\/))/.test(path);
      const before = treeOf(flow.service.data).filter(([path]) => kept(path));
      expect(before.map(([path]) => path)).toContain(`${flow.org}/vault/nonces.sqlite`);
      expect(treeOf(workspaces(into))).toEqual(before);
      expect(readFileSync(join(into.data, secret), 'utf8')).toBe('a secret');
      expect(statSync(join(workspaces(into), flow.org, 'keys')).mode & 0o077).toBe(0);
    });

    test('nobody is signed in who was', async () => {
      expect((await flow.made.state.pool.query('SELECT FROM staff_auth.session')).rowCount).toBe(1);
      expect((await state.pool.query('SELECT FROM staff_auth.session')).rowCount).toBe(0);
      expect((await state.pool.query('SELECT FROM staff_auth."user"')).rowCount).toBe(1);
    });

    test('new rows are numbered after the old', async () => {
      const { seq } = await state.as(flow.org, (tx) =>
        tx
          .insertInto('deed')
          .values({ org: flow.org, at: now, actor: 'x', use_case: 'u', subject: null, outcome: 'done' })
          .returning('seq')
          .executeTakeFirstOrThrow(),
      );
      expect(seq).toBeGreaterThan(3n);
    });

    test('nothing is put on top of it', async () => {
      await expect(restore(into)).rejects.toMatchObject({ code: 'restore-not-empty' });
      if (database.name === 'PGlite') return;
      // The folder is empty, the database is not.
      const other = { ...into, data: join(folder, 'other') };
      await expect(restore(other)).rejects.toMatchObject({ code: 'restore-not-empty' });
    });

    test('the log goes on where it stood once it is said that it may, but not where more was published since', async () => {
      await expect(ledgerOf(state, workspaces(into)).open({ waitMs: 5_000 })).rejects.toMatchObject({
        code: 'ledger-held-back',
      });
      const service = withAccounts(serviceOn(state, workspaces(into), []));
      must(await resumeLog(service, flow.org, { kind: 'nothing-since' }));
      const ledger = await ledgerOf(state, workspaces(into)).open({ waitMs: 5_000 });
      const { size } = await ledger.head();
      await ledger.close();
      expect(await logAndPublish(state, workspaces(into))).toBe(size + 1n);
      for (let i = 0; i < 3; i++) await logAndPublish(flow.made.state, flow.service.data);
      const log = join(flow.org, 'log');
      cpSync(join(flow.service.data, log), join(workspaces(into), log), { recursive: true });
      await expect(logAndPublish(state, workspaces(into))).rejects.toMatchObject({ code: 'ledger-behind' });
    });
  });

  test('the archive of the state has nothing of the keys, and both are for their owner alone', async () => {
    const { openArchive } = await import('./archive-read.ts');
    const state = await openArchive(archive('state.zip'), 'state');
    const keys = await openArchive(archive('keys.zip'), 'keys');
    const names = (from: typeof state): string[] => from.contents.members.map(({ name }) => name);
    expect(names(state).filter((name) => /(^|\/)(keys|vault)\/|auth\.key/.test(name))).toEqual([]);
    expect(names(keys)).toEqual(
      expect.arrayContaining([
        secret,
        `organisations/${flow.org}/vault/nonces.sqlite`,
        `organisations/${flow.org}/keys/log.key`,
      ]),
    );
    expect(
      names(keys).every((name) => name === secret || /^organisations\/[^/]+\/(keys|vault)\//.test(name)),
    ).toBe(true);
    for (const name of ['state.zip', 'keys.zip']) expect(statSync(archive(name)).mode & 0o077).toBe(0);
    state.close();
    keys.close();
  });

  test('the archive of the state tells no secret of a webhook, and no link that waits', async () => {
    const { service, org } = flow;
    const { state } = flow.made;
    const added = must(
      await addWebhook({ ...service, limits: { ...service.limits, loopbackWebhooks: true } }, steward, {
        url: 'http://127.0.0.1:9/',
      }),
    );
    const link = { org, recipient: 'x', kind: 'invitation', subject: 's', body: 'token=opens' };
    const mail = await state.as(org, (tx) => queueLinkMail(tx, service.cover, link, now));
    await backup(input('told.zip', null));
    const { openArchive } = await import('./archive-read.ts');
    const opened = await openArchive(archive('told.zip'), 'state');
    const found = new Map<string, string>();
    for (const member of opened.contents.members)
      if (member.kind === 'table')
        for await (const line of opened.lines(member)) found.set(`${member.table} ${found.size}`, line);
    opened.close();
    const text = [...found.values()].join('\n');
    expect(text).toContain(added.webhook);
    expect(text).toContain(mail);
    expect(text).not.toContain(added.secret.slice('whsec_'.length));
    expect(text).not.toContain('token=opens');
    await deleteRows(flow.made, org, ['webhook']);
    await deleteRows(flow.made, org, ['mail'], `id = '${mail}'`);
  });

  test('while a job is in a workspace no backup is made of it', async () => {
    const lock = lockFolder(join(flow.service.data, flow.org, lockName));
    await expect(backup(input('busy.zip', null))).rejects.toMatchObject({ code: 'workspace-busy' });
    lock.release();
    expect(readdirSync(folder).filter((name) => name.startsWith('busy'))).toEqual([]);
    await backup(input('busy.zip', null));
  });

  test('there is no backup of nothing, and none of state and keys in one', async () => {
    const made = await database.create();
    await expect(backup({ ...input('none.zip', null), state: made.state })).rejects.toMatchObject({
      code: 'backup-empty',
    });
    await made.drop();
    await expect(backup(input('one.zip', 'one.zip'))).rejects.toMatchObject({ code: 'backup-exists' });
    expect(readdirSync(folder).filter((name) => /none|one/.test(name))).toEqual([]);
  });

  test('a backup writes over nothing', async () => {
    const bytes = readFileSync(archive('state.zip'));
    await expect(backup(input('state.zip', null))).rejects.toMatchObject({ code: 'backup-exists' });
    await expect(backup(input('new.zip', 'keys.zip'))).rejects.toMatchObject({ code: 'backup-exists' });
    expect(readFileSync(archive('state.zip'))).toEqual(bytes);
    expect(readdirSync(folder).filter((name) => /new|part/.test(name))).toEqual([]);
  });

  test('a damaged archive, one of another backup and one in the place of the other put nothing back', async () => {
    const into = await emptyPlace();
    await backup(input('second.zip', 'second-keys.zip'));
    const bytes = readFileSync(archive('state.zip'));
    const damaged = (changed: Uint8Array): string => {
      writeFileSync(archive('damaged.zip'), changed);
      return archive('damaged.zip');
    };
    const refusal = (change: Partial<RestoreInput>): Promise<unknown> =>
      restore({ ...into, ...change }).then(
        () => 'restored',
        (error: { code: unknown }) => error.code,
      );
    for (const at of await dataOf(archive('state.zip'))) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 4;
      expect(await refusal({ from: damaged(changed) }), `a bit of byte ${at}`).toBe('backup-unreadable');
    }
    expect(await refusal({ from: damaged(bytes.subarray(0, bytes.length - 100)) })).toBe('backup-unreadable');
    expect(await refusal({ from: damaged(Buffer.from('no zip')) })).toBe('backup-unreadable');
    expect(await refusal({ keysFrom: archive('second-keys.zip') })).toBe('backup-other');
    expect(await refusal({ from: archive('keys.zip') })).toBe('backup-unreadable');
    expect(await refusal({ keysFrom: archive('second.zip') })).toBe('backup-unreadable');
    expect(await refusal({ from: archive('nowhere.zip') })).toBe('ENOENT');
    expect(readdirSync(into.data)).toEqual([]);
    await into.drop();
  });
});

test('a backup of an earlier program is put back and brought up to date, one of a later program is not', async () => {
  const native = databases.find(({ name }) => name === 'Postgres') as TestDatabase;
  const made = await native.create();
  const folder = mkdtempSync(join(tmpdir(), 'astold-earlier-'));
  const [from, later] = [join(folder, 'earlier.zip'), join(folder, 'later.zip')];
  await made.empty();
  const state = await openState({ ...made.options, migrations: migrations.slice(0, 1) });
  await state.pool.query("INSERT INTO organisation VALUES ('club', 'A club', now())");
  await backup({ state, data: made.data, secrets: [], to: from, keysTo: null, waitMs: 0, now });
  const steps = [...migrations, { name: '999-later', statements: ['CREATE TABLE later (id text)'] }];
  await state.close();
  const grown = await openState({ ...made.options, migrations: steps });
  await backup({ state: grown, data: made.data, secrets: [], to: later, keysTo: null, waitMs: 0, now });
  await grown.close();

  await made.empty();
  const { url, ownerUrl } = made;
  const into = {
    keysFrom: null,
    database: { url, ownerUrl },
    data: join(folder, 'data'),
  };
  await expect(restore({ ...into, from: later })).rejects.toMatchObject({ code: 'backup-newer' });
  await restore({ ...into, from });
  const restored = await openState(made.options);
  expect(await restored.organisations()).toEqual([{ org: 'club', name: 'A club' }]);
  expect((await restored.pool.query('SELECT FROM migration')).rowCount).toBe(migrations.length);
  await restored.close();
  await made.drop();
  rmSync(folder, { recursive: true });
});

/** For every member of a zip, where some byte of its data is. */
async function dataOf(path: string): Promise<readonly number[]> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
  const found: number[] = [];
  for await (const entry of zip.eachEntry()) {
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry);
    found.push(fileDataStart + Math.floor(entry.compressedSize / 2));
  }
  zip.close();
  return found;
}

/** Every row of every table as its JSON, by table and organisation. */
function rowsOf(state: State): Promise<ReadonlyMap<string, readonly string[]>> {
  return dumpState(state, async ({ tables }) => {
    const found = new Map<string, readonly string[]>();
    for await (const { schema, name, org, rows } of tables) {
      const text = (await Readable.from(rows).toArray()).join('');
      found.set(`${schema}.${name} ${org}`, text.split('\n').sort());
    }
    return found;
  });
}

/** Paths and digests of all files below a folder. */
function treeOf(folder: string): readonly (readonly [string, string])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [
        path.slice(folder.length + 1),
        createHash('sha256').update(readFileSync(path)).digest('hex'),
      ] as const;
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
