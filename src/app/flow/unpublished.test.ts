/** A log that is not published any more is seen by who looks after the server, while what people say is still taken. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { openFigures } from '../../http/figures.ts';
import { signerOf } from '../../log/keys.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { postgresLedger } from '../../store/postgres/ledger.ts';
import { countWaiting } from './count-waiting.ts';
import { type FlowFixture, flowFixture, must, officer, steward } from './flow.fixture.ts';
import { freeze } from './freeze.ts';
import { ingestSource } from './ingest-source.ts';
import { publishLogs } from './publish-logs.ts';
import { putDocument } from './put-document.ts';
import { readDocument } from './read-document.ts';
import { readinessOf } from './readiness.ts';
import { removeDocument } from './remove-document.ts';
import type { Service } from './service.ts';
import { unpublishedOf } from './unpublished.ts';
import { rootOf } from './workspace-of.ts';

describe.each(oneDatabase)('on $name', (database) => {
  let club: FlowFixture;
  beforeAll(async () => {
    club = await flowFixture(database);
  });
  afterAll(() => club.drop());
  const figures = (service: Service): Promise<string> => openFigures(() => countWaiting(service)).text();
  const figure = async (service: Service, name: string): Promise<number> => {
    const line = (await figures(service)).split('\n').find((each) => each.startsWith(`${name} `));
    return line === undefined ? Number.NaN : Number(line.slice(name.length));
  };
  const entries = () => `astold_log_unpublished_entries{org="${club.org}"}`;
  const seconds = () => `astold_log_unpublished_seconds{org="${club.org}"}`;
  /** As it is so many minutes later. */
  const later = (minutes: number): Service => ({
    ...club.service,
    now: () => new Date(Date.now() + minutes * 60_000),
  });

  test('what is published leaves nothing waiting', async () => {
    must(await freeze(club.service, officer, { kind: 'party', subject: 'example-toys', words: 'x' }));
    expect(await figure(club.service, entries())).toBeGreaterThan(0);
    await publishLogs(club.service);
    expect(await figure(later(60), entries())).toBe(0);
    expect(await figure(later(60), seconds())).toBe(0);
    expect(await readinessOf(later(60))()).toMatchObject({ ready: true, logs: 'sound' });
    expect(await figure(club.service, 'astold_data_free_bytes')).toBeGreaterThan(0);
  });

  test('with a witness that must cosign and cannot be had, it is seen within minutes', async () => {
    const { vkey } = signerOf('witness', 'gone', generateKeyPairSync('ed25519').privateKey).verifier;
    const path = 'astold.yaml';
    const { text, version } = must(await readDocument(club.service, steward, { path }));
    const named = { name: 'gone', url: 'https://127.0.0.1:1', key: vkey };
    const witnesses = stringify({ ...parse(text), witnesses: [named], 'witness-policy': 1 });
    must(await putDocument(club.service, steward, { path, text: witnesses, version }));
    must(await freeze(club.service, officer, { kind: 'everything', subject: null, words: 'y' }));
    expect(await publishLogs(club.service)).toEqual({ published: 0, failed: 1 });
    expect(await figure(club.service, entries())).toBeGreaterThan(0);
    expect(await readinessOf(club.service)()).toMatchObject({ ready: true, logs: 'sound' });
    expect(await figure(later(10), seconds())).toBeGreaterThanOrEqual(600);
    expect(await figure(later(10), seconds())).toBeLessThan(900);
    // It still takes what people say: that is no reason to send them away.
    expect(await readinessOf(later(10))()).toMatchObject({ ready: true, logs: 'unpublished' });
  });

  test('what says a fixed clock waits since the last publication, and not for years', async () => {
    const club = await flowFixture(database);
    const waits = async (minutes: number): Promise<number> =>
      (await unpublishedOf({ ...club.service, now: () => new Date(Date.now() + minutes * 60_000) }, club.org))
        ?.seconds ?? Number.NaN;
    const log = async (): Promise<void> => {
      const root = rootOf(club.service, club.org);
      const ledger = await postgresLedger({ state: club.service.state, org: club.org, root }).open({
        waitMs: 0,
      });
      const happened = { kind: 'notice-published', at: '2021-01-01T00:00:00Z', notice: 'n', digest: 'd' };
      await ledger.append([happened as never]);
      await ledger.close();
    };
    await log();
    for (const when of ['before anything was published', 'after it']) {
      expect(await waits(10), when).toBeGreaterThanOrEqual(590);
      expect(await waits(10), when).toBeLessThan(900);
      await publishLogs(club.service);
      expect(await waits(10), when).toBe(0);
      await log();
    }
    await club.drop();
  });

  test('jobs that failed are counted by what stopped them', async () => {
    const failed = 'astold_runs_failed_total';
    expect(await figures(club.service)).not.toContain(`${failed}{`);
    must(await ingestSource(club.service, steward, { source: 'members' }));
    const { version } = must(await readDocument(club.service, steward, { path: 'sources/members.yaml' }));
    must(await removeDocument(club.service, steward, { path: 'sources/members.yaml', version }));
    await club.work();
    expect(await figures(club.service)).toMatch(
      new RegExp(`${failed}\\{kind="ingest",code="[a-z-]+"\\} 1\\n`),
    );
  });
});
