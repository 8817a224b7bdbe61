/** After an older backup the log goes on where it was published, or not at all: two checkpoints of one size never differ. */
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLogVerifier } from '../../documents/log-key.ts';
import { problemOfError } from '../../http/problem-of-error.ts';
import { problemResponse } from '../../http/problems.ts';
import { staticRoutes } from '../../http/static.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { postgresLedger } from '../../store/postgres/ledger.ts';
import { readLog } from '../../store/published-log.ts';
import { publishedElsewhere } from '../log/published-elsewhere.ts';
import { withAccounts } from './accounts.fixture.ts';
import type { AccountsService } from './accounts.ts';
import { checkRequest } from './check-request.ts';
import { type FlowFixture, flowFixture, must, officer, requested, steward } from './flow.fixture.ts';
import { freeze } from './freeze.ts';
import { frozenBy } from './frozen.ts';
import { liftFreeze } from './lift-freeze.ts';
import { publishLogs } from './publish-logs.ts';
import { backedUpAt, backUpTo, withBackup } from './put-back.fixture.ts';
import { readinessOf } from './readiness.ts';
import { resumeLog, type Told } from './resume-log.ts';
import { rootOf } from './workspace-of.ts';

const site = 'http://club.example';
const party = (subject: string, words: string) => ({ kind: 'party' as const, subject, words });

describe.each(oneDatabase)('on $name', (database) => {
  let club: FlowFixture;
  let folder: string;
  /** What somebody kept of the log as it was published last. */
  let kept: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'astold-resume-'));
    kept = join(folder, 'kept');
    club = await flowFixture(database);
    for (const role of ['officer', 'steward'] as const) await give(role, `${role}@club.example`);
    must(await freeze(club.service, officer, party('example-toys', 'before')));
    await publishLogs(club.service);
    await backUp('old');
    must(await freeze(club.service, officer, party('example-mailing', 'a stop that the backup lacks')));
    await requested(club, 'r-waiting');
    must(await checkRequest(club.service, steward, { request: 'r-waiting' }));
    await backUp('new');
    // Of nothing that the backup lacks, and newer than the checkpoint in it.
    await publishLogs(club.service);
    cpSync(join(rootOf(club.service, club.org), 'log'), kept, { recursive: true });
  });
  afterAll(async () => {
    await club.drop();
    rmSync(folder, { recursive: true });
  });
  const give = async (role: 'officer' | 'steward', email: string): Promise<void> => {
    const { accounts, state } = withAccounts(club.service);
    const { person } = await accounts.personOf(email, 'Somebody');
    const given = { party: null, may_freeze: false, granted_by: 'first', granted_at: backedUpAt };
    await state.as(club.org, (tx) =>
      tx
        .insertInto('staff_role')
        .values({ org: club.org, person, role, ...given })
        .execute(),
    );
  };
  const mailOf = (service: AccountsService) =>
    service.state.as(club.org, (tx) =>
      tx
        .selectFrom('mail')
        .select(['recipient', 'subject', 'body'])
        .where('org', '=', club.org)
        .where('kind', '=', 'log-resumed')
        .execute(),
    );
  const runsOf = (service: AccountsService) =>
    service.state.as(club.org, (tx) =>
      tx
        .selectFrom('check_run')
        .select(['state', 'fault_code'])
        .where('org', '=', club.org)
        .where('request', '=', 'r-waiting')
        .execute(),
    );
  const deedsOf = (service: AccountsService) =>
    service.state.as(club.org, (tx) =>
      tx.selectFrom('deed').select(['actor', 'subject']).where('use_case', '=', 'resume-log').execute(),
    );
  const backUp = (name: string) => backUpTo(folder, club, name);
  const withPutBack = (name: string, work: (service: AccountsService) => Promise<void>) =>
    withBackup({ folder, name, database }, work);
  const said = async (named: string, acceptLoss = false): Promise<Told> => ({
    ...{ kind: 'published', ...(await publishedElsewhere(named, folder)), acceptLoss },
  });
  const freezing = (service: AccountsService): Promise<unknown> =>
    freeze(service, officer, party('example-mailing', 'another than was lost'));
  const grownFromKept = async (service: AccountsService): Promise<bigint> => {
    const verifier = await readLogVerifier(rootOf(service, club.org));
    const log = await readLog(join(rootOf(service, club.org), 'log'), verifier);
    await log.checkAll();
    await log.requireGrownFrom((await readLog(kept, verifier)).checkpoint);
    return log.checkpoint.size;
  };

  test('what was put back adds nothing and publishes nothing, and says so, until somebody says what was published', () =>
    withPutBack('new', async (service) => {
      await expect(freezing(service)).rejects.toMatchObject({ code: 'ledger-held-back' });
      expect(await publishLogs(service)).toEqual({ published: 0, failed: 1 });
      expect(await readinessOf(service)()).toMatchObject({ ready: false, logs: 'behind' });
      const nobody = await resumeLog(service, club.org, { kind: 'witnesses', unchanged: true });
      expect(nobody).toMatchObject({ kind: 'refused', code: 'input-invalid' });
      await expect(freezing(service)).rejects.toMatchObject({ code: 'ledger-held-back' });
    }));

  test('with the newest checkpoint it goes on, and what it publishes has grown from that', () =>
    withPutBack('new', async (service) => {
      const { size, lost } = must(await resumeLog(service, club.org, await said(kept)));
      expect(lost).toBe(0n);
      must((await freezing(service)) as never);
      expect(await publishLogs(service)).toEqual({ published: 1, failed: 0 });
      // Its own resumption, and the freeze.
      expect(await grownFromKept(service)).toBe(size + 2n);
      expect(await resumeLog(service, club.org, await said(kept))).toMatchObject({ code: 'already-done' });
      expect(await readinessOf(service)()).toMatchObject({ ready: true, logs: 'sound' });
    }));

  test('what the backup brought does not vouch for itself, and is shown to nobody as the newest', () =>
    withPutBack('new', async (service) => {
      const app = new Hono().route('/', staticRoutes(service));
      app.onError((error) => problemResponse(problemOfError(error), site, 'r-1'));
      const shown = async (): Promise<number> =>
        (await app.request(`${site}/log/${club.org}/checkpoint`)).status;
      const own = await said(join(rootOf(service, club.org), 'log'));
      expect(await resumeLog(service, club.org, own)).toMatchObject({ code: 'input-invalid' });
      await expect(freezing(service)).rejects.toMatchObject({ code: 'ledger-held-back' });
      expect(await shown()).toBe(503);
      must(await resumeLog(service, club.org, await said(kept)));
      expect(await shown()).toBe(200);
    }));

  test('that it goes on is in the log, among the deeds and told, and what was asked for before is not carried out', () =>
    withPutBack('new', async (service) => {
      expect(await runsOf(service)).toEqual([{ state: 'queued', fault_code: null }]);
      const { size } = must(await resumeLog(service, club.org, { kind: 'nothing-since' }));
      const root = rootOf(service, club.org);
      const ledger = await postgresLedger({ state: service.state, org: club.org, root }).open({ waitMs: 0 });
      const opening = await ledger.opening(size);
      await ledger.close();
      expect(opening).toMatchObject({
        content: {
          ...{ kind: 'log-restored', told: 'nothing-since', why: 'restored', lost: '0' },
          ...{ size: size.toString(), made: backedUpAt.toISOString() },
        },
      });
      expect(await deedsOf(service)).toEqual([{ actor: 'operator:server', subject: 'nothing-since' }]);
      expect((await mailOf(service)).map(({ recipient }) => recipient)).toEqual(['officer@club.example']);
      expect(await runsOf(service)).toEqual([{ state: 'failed', fault_code: 'restored' }]);
      must(await checkRequest(service, steward, { request: 'r-waiting' }));
      // Nothing is lost: nothing stands still.
      const everything = { parties: [], purposes: [] };
      expect(await service.state.as(club.org, (tx) => frozenBy(tx, club.org, everything))).toBeNull();
    }));

  test('an older backup than was published goes on with no word, and with no older checkpoint', () =>
    withPutBack('old', async (service) => {
      expect(await resumeLog(service, club.org, await said(kept))).toMatchObject({ code: 'log-behind' });
      const own = join(rootOf(service, club.org), 'log');
      expect(await resumeLog(service, club.org, await said(own, true))).toMatchObject({
        code: 'input-invalid',
      });
      const aside = join(folder, 'aside');
      cpSync(own, aside, { recursive: true });
      rmSync(own, { recursive: true });
      cpSync(kept, own, { recursive: true });
      expect(await resumeLog(service, club.org, { kind: 'nothing-since' })).toMatchObject({
        code: 'log-behind',
      });
      expect(await resumeLog(service, club.org, await said(aside))).toMatchObject({ code: 'input-invalid' });
      await expect(freezing(service)).rejects.toMatchObject({ code: 'ledger-held-back' });
      // What stands there now did not come with the backup: it is of more.
      expect(must(await resumeLog(service, club.org, await said(own, true))).lost).toBeGreaterThan(0n);
    }));

  test('where what was published is lost, its entries are kept: no two checkpoints of one size differ', () =>
    withPutBack('old', async (service) => {
      const { lost, size } = must(await resumeLog(service, club.org, await said(kept, true)));
      expect(lost).toBeGreaterThan(0n);
      must((await freezing(service)) as never);
      expect(await publishLogs(service)).toEqual({ published: 1, failed: 0 });
      expect(await grownFromKept(service)).toBeGreaterThan(size);
      const root = rootOf(service, club.org);
      const ledger = await postgresLedger({ state: service.state, org: club.org, root }).open({ waitMs: 0 });
      expect(await ledger.opening(size - 1n)).toBe('destroyed');
      await ledger.close();
    }));

  test('where something is lost everything is frozen until an officer lifts it, and who watches is told', () =>
    withPutBack('old', async (service) => {
      const { lost } = must(await resumeLog(service, club.org, await said(kept, true)));
      expect(await deedsOf(service)).toEqual([
        { actor: 'operator:server', subject: `published: ${lost} lost` },
      ]);
      const standing = () =>
        service.state.as(club.org, (tx) => frozenBy(tx, club.org, { parties: [], purposes: [] }));
      const row = await standing();
      expect(row).toMatchObject({ kind: 'everything', frozen_by: 'operator:server', frozen_as: 'officer' });
      expect(row?.log_index).not.toBeNull();
      const told = await mailOf(service);
      expect(told.map(({ recipient }) => recipient)).toEqual(['officer@club.example']);
      expect(told[0]?.subject).toContain(`(${lost})`);
      expect(told[0]?.body).toContain('https://astold.example/organisations/');
      must(await liftFreeze(service, officer, { freeze: row?.id ?? '', words: 'everybody was asked' }));
      expect(await standing()).toBeNull();
      expect(await publishLogs(service)).toEqual({ published: 1, failed: 0 });
      await grownFromKept(service);
    }));

  test('a log that is of another past than what stands in its folder is not said to go on', () =>
    withPutBack('old', async (service) => {
      must(await resumeLog(service, club.org, { kind: 'nothing-since' }));
      for (let i = 0; i < 5; i++) must((await freezing(service)) as never);
      const own = join(rootOf(service, club.org), 'log');
      rmSync(own, { recursive: true });
      cpSync(kept, own, { recursive: true });
      await expect(freezing(service)).rejects.toMatchObject({ code: 'ledger-forked' });
      await expect(resumeLog(service, club.org, await said(kept))).rejects.toMatchObject({
        code: 'ledger-forked',
      });
    }));

  test('a log is taken from where it is served, and tiles that are not of its checkpoint change nothing', () =>
    withPutBack('old', async (service) => {
      const server = await served(kept);
      const { port } = server.address() as AddressInfo;
      const there = await said(`http://127.0.0.1:${port}/log/club/`, true);
      if (there.kind !== 'published') throw new TypeError('it was not read');
      const altered: Told = {
        ...there,
        read: async (path) => {
          const bytes = await there.read(path);
          return bytes === null
            ? null
            : Buffer.from(bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)));
        },
      };
      await expect(resumeLog(service, club.org, altered)).rejects.toMatchObject({ code: 'log-forked' });
      await expect(freezing(service)).rejects.toMatchObject({ code: 'ledger-held-back' });
      must(await resumeLog(service, club.org, there));
      await new Promise((closed) => server.close(closed));
    }));

  test('a checkpoint of another log, and of an organisation that is not there, is refused', () =>
    withPutBack('new', async (service) => {
      const told = await said(kept);
      if (told.kind !== 'published') throw new TypeError('it was not read');
      const other = { ...told, text: told.text.replace(/^.*\n/, 'astold.example/other\n') };
      await expect(resumeLog(service, club.org, other)).rejects.toMatchObject({ name: 'LogError' });
      expect(await resumeLog(service, 'other-club', told)).toMatchObject({ code: 'not-found' });
    }));

  test('a log whose published checkpoint is gone adds nothing either, until it is said what that was', () =>
    withPutBack('new', async (service) => {
      must(await resumeLog(service, club.org, await said(kept)));
      await publishLogs(service);
      must((await freezing(service)) as never);
      const log = join(rootOf(service, club.org), 'log');
      const away = join(rootOf(service, club.org), 'log-away');
      renameSync(log, away);
      await expect(
        freeze(service, officer, { kind: 'everything', subject: null, words: 'on a log without its past' }),
      ).rejects.toMatchObject({ code: 'ledger-held-back' });
      expect(await publishLogs(service)).toEqual({ published: 0, failed: 1 });
      expect(existsSync(log)).toBe(false);
      must(await resumeLog(service, club.org, await said(away)));
      expect(await publishLogs(service)).toEqual({ published: 1, failed: 0 });
      await grownFromKept(service);
    }));
});

/** A log as the web has it. */
async function served(folder: string): Promise<Server> {
  const { readFile } = await import('node:fs/promises');
  const server = createServer(async (request, response) => {
    const path = (request.url ?? '').replace('/log/club/', '');
    const bytes = await readFile(join(folder, path)).catch(() => null);
    response.writeHead(bytes === null ? 404 : 200).end(bytes ?? '');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}
