/**
 * A stop is honoured by every release whose cut-off is later. A thousand people (on PGlite, which does one thing at a time, two
 * hundred) say stop, through the use case and through the API, while a server releases; then every receipt is held against every roster, and every stop of somebody who is in one is
 * looked for among what was passed on.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { exampleOrg, loadExample, people } from '../../examples/service.ts';
import { approveRequest } from '../../src/app/flow/approve-request.ts';
import { checkRequest } from '../../src/app/flow/check-request.ts';
import { makeKey } from '../../src/app/flow/make-key.ts';
import { peopleOptions } from '../../src/app/flow/people-options.ts';
import { recordPreference, recordPreferenceInput } from '../../src/app/flow/record-preference.ts';
import { releaseRequest } from '../../src/app/flow/release-request.ts';
import { requestRelease } from '../../src/app/flow/request-release.ts';
import type { Actor, Answer } from '../../src/app/flow/service.ts';
import { showCheck } from '../../src/app/flow/show-check.ts';
import { showRequest } from '../../src/app/flow/show-request.ts';
import { rootOf } from '../../src/app/flow/workspace-of.ts';
import { readLogVerifier } from '../../src/documents/log-key.ts';
import { checkReceipt, type Receipt } from '../../src/evidence/receipt.ts';
import { readConfig } from '../../src/http/config.ts';
import { environmentOf } from '../../src/http/serve.fixture.ts';
import { type Ready, type Serving, serve } from '../../src/http/serve.ts';
import { leafOf, parseToken, releaseToken } from '../../src/roster/token.ts';
import { oneDatabase, type TestState } from '../../src/store/postgres/databases.fixture.ts';
import type { StaffRole } from '../../src/store/postgres/tables.ts';

const stopsOn = { PGlite: 200, Postgres: 1_000 } as const;
/** Of each lane: so that they last as long as the releases do, however many there are. */
const inLane = 25;
/** Of those a release would take, who say stop when the last of them is over. */
const late = 20;
const patience = { timeout: 60_000, interval: 200 };

type Released = {
  readonly id: string;
  readonly cutOff: number;
  readonly logSize: number;
  readonly leaves: ReadonlySet<string>;
};
type Stopped = { readonly record: string; readonly entry: number; readonly receipt: Receipt };
type Roster = readonly [Released, Stopped];

describe.each(oneDatabase)('on $name', (database) => {
  const stops = stopsOn[database.name];
  let made: TestState;
  let own: string;
  let ready: Ready;
  let serving: Serving;
  let key: string;
  beforeAll(async () => {
    made = await database.create();
    // Of PGlite one process has the folder; the server begins one of its own.
    await made.state.close();
    own = mkdtempSync(join(tmpdir(), 'astold-honoured-'));
    const environment = { ...(await environmentOf(made)), ASTOLD_LOG_LEVEL: 'error', ASTOLD_DATA: own };
    const config = readConfig({
      ...{ ...environment, ASTOLD_REQUESTS_PER_MINUTE: '1000000', ASTOLD_ENGINE_THREADS: '1' },
      PATH: undefined,
    });
    serving = await serve({
      config,
      onReady: async (given) => {
        ready = given;
        await loadExample(given.service);
      },
    });
    const officer = await actor('officer');
    key = must(
      await makeKey(ready.service, officer, {
        name: 'the web site',
        roles: ['steward'],
        party: null,
        days: 1,
      }),
    ).secret;
  }, 120_000);
  afterAll(async () => {
    await serving?.stop(5);
    await made?.reopen();
    await made?.drop();
    rmSync(own, { recursive: true, force: true });
  }, 120_000);

  async function actor(role: StaffRole): Promise<Actor> {
    const one = people.find((each) => each.role === role);
    const { person } = await ready.service.accounts.personOf(one?.email ?? '', one?.name ?? '');
    return {
      kind: 'staff',
      id: person,
      org: exampleOrg,
      roles: new Set([role]),
      party: null,
      mayFreeze: false,
    };
  }

  /** Approved, to be released. Gives its version. */
  async function approved(request: string): Promise<number> {
    const { service } = ready;
    const [steward, officer] = [await actor('steward'), await actor('officer')];
    const text = await readFile(
      new URL('../../examples/toy-offer/requests/toy-offer.yaml', import.meta.url),
      'utf8',
    );
    const { 'prepared-by': _, ...document } = parse(text);
    must(
      await requestRelease(service, steward, {
        ...{ recipient: 'quayside-print', document: { ...document, request }, version: 0 },
      }),
    );
    const check = must(await checkRequest(service, steward, { request })).id;
    await expect
      .poll(async () => must(await showCheck(service, steward, { check })).state, patience)
      .toBe('done');
    const { version } = must(await showRequest(service, officer, { request }));
    const words = 'each of them was asked, by name, and said yes';
    return must(await approveRequest(service, officer, { request, check, words, version })).version;
  }

  const release = async (request: string, version: number): Promise<unknown> =>
    must(await releaseRequest(ready.service, await actor('steward'), { request, version }));

  /** Once it is sealed. */
  async function released(request: string): Promise<Released> {
    const { service } = ready;
    const run = () =>
      service.state.as(exampleOrg, (tx) =>
        tx
          .selectFrom('release_run')
          .select(['state', 'fault_code'])
          .where('request', '=', request)
          .executeTakeFirstOrThrow(),
      );
    await expect.poll(async () => (await run()).state, patience).toMatch(/done|failed/);
    expect(await run()).toEqual({ state: 'done', fault_code: null });
    const { id } = await service.state.as(exampleOrg, (tx) =>
      tx.selectFrom('release').select('id').where('request', '=', request).executeTakeFirstOrThrow(),
    );
    const folder = join(rootOf(service, exampleOrg), 'releases', id);
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    const roster = (await readFile(join(folder, 'roster.txt'), 'utf8')).trim().split('\n');
    return {
      ...{ id, cutOff: Date.parse(manifest.cutOff), logSize: Number(manifest.logSize) },
      leaves: new Set(roster),
    };
  }

  async function stop(record: string, byApi: boolean): Promise<Stopped> {
    const said = { source: 'members', person: record, kind: 'objection' };
    if (!byApi) {
      const steward = await actor('steward');
      const { receipt, entry } = must(
        await recordPreference(ready.service, steward, recordPreferenceInput.parse(said)),
      );
      return { record, entry, receipt: receipt as unknown as Receipt };
    }
    const answer = await fetch(`${ready.url}/api/organisations/${exampleOrg}/preferences`, {
      method: 'POST',
      headers: {
        ...{ Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
        'Idempotency-Key': randomUUID(),
      },
      body: JSON.stringify(said),
    });
    const body = (await answer.json()) as { entry: number; receipt: Receipt };
    expect(answer.status, JSON.stringify(body)).toBe(201);
    return { record, entry: body.entry, receipt: body.receipt };
  }

  const inRoster = ({ id, leaves }: Released, { receipt }: Stopped): boolean =>
    leaves.has(leafOf(releaseToken(parseToken(receipt.token ?? ''), id)));

  test(`none of ${stops} receipts is held against a release that should have honoured it`, async () => {
    const versions = new Map<string, number>();
    for (const request of ['before', 'racing', 'after']) versions.set(request, await approved(request));
    await release('before', versions.get('before') ?? 0);
    const first = await released('before');
    const able = await recordsIn(first);
    expect(able.length).toBe(310);

    const begun = Promise.all(
      ['racing', 'after'].map((request) => release(request, versions.get(request) ?? 0)),
    );
    const others = (await allRecords()).filter((record) => !able.slice(0, late).includes(record));
    const waiting = mixed(others).slice(0, stops - late);
    const said: Stopped[] = [];
    const speak = async (lane: number): Promise<void> => {
      for (let record = waiting.pop(); record !== undefined; record = waiting.pop()) {
        said.push(await stop(record, lane % 2 === 0));
        // Spread over the time of two releases.
        await pause(300);
      }
    };
    await Promise.all([begun, ...Array.from({ length: stops / inLane }, (_, lane) => speak(lane))]);
    const all = [first, await released('racing'), await released('after')];
    for (const record of able.slice(0, late)) said.push(await stop(record, true));
    expect(said).toHaveLength(stops);

    const verifier = await readLogVerifier(rootOf(ready.service, exampleOrg));
    const missed: string[] = [];
    const apart: Roster[] = [];
    for (const each of said) {
      const at = Date.parse(checkReceipt(each.receipt, verifier, Date.now()).said.at);
      for (const one of all) {
        const isIn = inRoster(one, each);
        if (isIn && (each.entry < one.logSize || at < one.cutOff)) missed.push(`${each.record} ${one.id}`);
        if (isIn) apart.push([one, each]);
      }
    }
    expect(missed).toEqual([]);
    // They did race: of those who are able, some came before each cut-off, and some after it.
    for (const one of all.slice(1)) {
      const theirs = said.filter(({ record }) => able.includes(record));
      expect(theirs.filter((each) => each.entry < one.logSize).length, one.id).toBeGreaterThan(0);
      expect(one.leaves.size, one.id).toBeGreaterThanOrEqual(late);
      expect(one.leaves.size, one.id).toBeLessThan(able.length);
    }
    await everyStopIsPassedOn(apart);
  }, 480_000);

  /** By the deed of the server itself, to both parties that hold the list. */
  async function everyStopIsPassedOn(apart: readonly Roster[]): Promise<void> {
    const expected = apart.map(([{ id }]) => id).toSorted();
    const passed = (party: string) =>
      ready.service.state.as(exampleOrg, async (tx) => {
        const rows = await tx
          .selectFrom('passed_on')
          .select(['release', 'code'])
          .where('party', '=', party)
          .where('kind', '=', 'stop')
          .execute();
        expect(new Set(rows.map(({ release, code }) => `${release} ${code}`)).size).toBe(rows.length);
        return rows.map((row) => row.release).toSorted();
      });
    for (const party of ['quayside-print', 'acorn-toys'])
      await expect.poll(async () => (await passed(party)).length, patience).toBe(expected.length);
    expect(await passed('quayside-print')).toEqual(expected);
  }

  async function allRecords(): Promise<readonly string[]> {
    const csv = await readFile(join(rootOf(ready.service, exampleOrg), 'data', 'members.csv'), 'utf8');
    return [...csv.matchAll(/^(P\d+),/gm)].map(([, id]) => id ?? '');
  }

  async function recordsIn({ id, leaves }: Released): Promise<readonly string[]> {
    const { tokens } = peopleOptions(ready.service, exampleOrg);
    const found: string[] = [];
    for (const record of await allRecords()) {
      const token = await tokens?.of('members', record);
      if (token != null && leaves.has(leafOf(releaseToken(token.master, id)))) found.push(record);
    }
    return found;
  }
});

/** In another order, the same each time. */
const mixed = (all: readonly string[]): string[] =>
  all
    .map((each, i) => [(i * 7_919) % 1_009, each] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, each]) => each);

function must<T>(answer: Answer<T>): T {
  if (answer.kind === 'done') return answer.value;
  throw new Error(`${answer.code}: ${answer.message}`);
}
