import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textDigest } from '../app/flow/document-view.ts';
import { approved, type FlowFixture, flowFixture, must, steward } from '../app/flow/flow.fixture.ts';
import { releaseRequest } from '../app/flow/release-request.ts';
import { rootOf } from '../app/flow/workspace-of.ts';
import { dayOf } from '../policy/dates.ts';
import { databases } from '../store/postgres/databases.fixture.ts';
import { postgresLedger } from '../store/postgres/ledger.ts';
import type { State } from '../store/postgres/state.ts';

/** `npm run test:long` asks for a hundred. */
const kills = Number(process.env.ASTOLD_KILLS ?? 10);
/** How long after it began with a release a server may be killed, milliseconds: about what one takes. */
const longest = 400;
const worker = fileURLToPath(new URL('work.fixture.ts', import.meta.url));

type Found = {
  readonly request: string;
  readonly state: string;
  readonly run: string;
  readonly attempts: number;
  readonly releases: readonly { readonly id: string; readonly manifest: string }[];
  readonly entries: number;
  readonly supplies: number;
  readonly stands: boolean;
};

// Both at once: most of it is waiting for a server to start, or for what a killed one held.
describe.concurrent.each(databases)('on $name', (database) => {
  let club: FlowFixture;
  let state: State;
  let children: ChildProcess[] = [];
  const ids = Array.from({ length: kills }, (_, i) => `killed-${i}`);

  beforeAll(
    async () => {
      club = await flowFixture(database);
      state = club.made.state;
      for (const id of ids) await approved(club, id);
    },
    kills * 20_000 + 60_000,
  );
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await club.drop();
  });

  /** A server that is killed so long after it began with a release; or, for null, once there is none left to make. */
  async function serve(killAfterMs: number | null): Promise<void> {
    await club.made.state.close();
    const given = JSON.stringify({ options: club.made.options, data: club.service.data, org: club.org });
    const child = spawn(process.execPath, ['--no-warnings', worker, given], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children = [child];
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    await Promise.race([said(child, killAfterMs === null ? ['idle'] : ['deciding', 'idle']), ended]);
    if (child.exitCode !== null) throw new Error(`the server ended by itself, with ${child.exitCode}`);
    await pause(killAfterMs ?? 0);
    child.kill('SIGKILL');
    await ended;
    state = await club.made.reopen();
  }

  const said = (child: ChildProcess, words: readonly string[]): Promise<void> =>
    new Promise((resolve) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        if (words.some((word) => chunk.toString().includes(word))) resolve();
      });
    });
  /** The row alone: whoever works finds it. */
  async function ask(id: string): Promise<void> {
    const service = { ...club.service, state };
    must(await releaseRequest(service, steward, { request: id, version: 3 }));
    club.waiting.length = 0;
  }

  let day = '';
  const releaseId = (request: string): string => `${day}-${request}`;

  async function look(): Promise<readonly Found[]> {
    const root = rootOf(club.service, club.org);
    const rows = await state.as(club.org, async (tx) => {
      const of = async (request: string) => {
        const row = await tx
          .selectFrom('request')
          .select('state')
          .where('org', '=', club.org)
          .where('id', '=', request)
          .executeTakeFirstOrThrow();
        const releases = await tx
          .selectFrom('release')
          .select(['id', 'manifest'])
          .where('org', '=', club.org)
          .where('request', '=', request)
          .execute();
        const [run] = await tx
          .selectFrom('release_run')
          .select(['state', 'attempts', 'fault_words'])
          .where('org', '=', club.org)
          .where('request', '=', request)
          .execute();
        const supplies = await tx
          .selectFrom('supply')
          .innerJoin('release', (join) => join.onRef('release.id', '=', 'supply.release'))
          .select('supply.id')
          .where('supply.org', '=', club.org)
          .where('release.request', '=', request)
          .execute();
        return {
          request,
          state: row.state,
          run: `${run?.state} ${run?.fault_words ?? ''}`,
          attempts: run?.attempts ?? 0,
          releases,
          supplies: supplies.length,
        };
      };
      const all = [];
      for (const id of ids) all.push(await of(id));
      return all;
    });
    // Opening it refuses a log that is behind what was published, or forked.
    const ledger = await postgresLedger({ state, org: club.org, root }).open({ waitMs: 20_000 });
    try {
      const entries = await ledger.all('SELECT release FROM evidence_release');
      return rows.map((row) => ({
        ...row,
        entries: entries.filter(({ release }) => release === releaseId(row.request)).length,
        stands: existsSync(join(root, 'releases', releaseId(row.request))),
      }));
    } finally {
      await ledger.close();
    }
  }

  test(
    `a server killed ${kills} times releases each list once, or not yet`,
    async () => {
      day = dayOf(Date.now());
      for (const id of ids) {
        await ask(id);
        await serve(Math.random() * longest);
        for (const each of await look()) {
          expect(each.releases.length, each.request).toBe(each.entries);
          expect(each.entries, each.request).toBeLessThanOrEqual(1);
          expect(each.state, each.request).toBe(each.entries === 1 ? 'FINALIZED' : 'AGREED');
          expect(each.supplies, each.request).toBeLessThanOrEqual(each.stands ? 1 : 0);
          if (each.stands) expect(each.entries, each.request).toBe(1);
        }
      }
      await serve(null);
      const found = await look();
      // Some were cut short, or this shows nothing.
      expect(Math.max(...found.map(({ attempts }) => attempts))).toBeGreaterThan(1);
      for (const each of found) {
        expect(each).toMatchObject({
          run: 'done ',
          state: 'FINALIZED',
          entries: 1,
          supplies: 1,
          stands: true,
        });
        const path = join(
          rootOf(club.service, club.org),
          'releases',
          releaseId(each.request),
          'manifest.json',
        );
        expect(each.releases.map(({ manifest }) => manifest)).toEqual([
          textDigest(readFileSync(path, 'utf8')),
        ]);
      }
    },
    (kills + 10) * 30_000,
  );
});
