/** Whoever says stop while a release decides is honoured by it, or holds a receipt that is not earlier than its cut-off. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLogVerifier } from '../../documents/log-key.ts';
import { checkReceipt } from '../../evidence/receipt.ts';
import { leafOf, releaseToken } from '../../roster/token.ts';
import { databases } from '../../store/postgres/databases.fixture.ts';
import { approved, type FlowFixture, flowFixture, must, steward } from './flow.fixture.ts';
import { peopleOptions } from './people-options.ts';
import { recordPreference, recordPreferenceInput } from './record-preference.ts';
import { releaseRequest } from './release-request.ts';
import { rootOf } from './workspace-of.ts';

type Released = {
  readonly id: string;
  readonly cutOff: number;
  readonly logSize: number;
  /** From the beginning of its job, milliseconds. */
  readonly cutOffAfter: number;
  /** Whether its roster holds a record. */
  holds(record: string): Promise<boolean>;
};
type Stop = { readonly record: string; readonly entry: number; readonly logged: number };

describe.each(databases)('on $name', (database) => {
  let club: FlowFixture;
  beforeAll(async () => {
    club = await flowFixture(database);
  });
  afterAll(() => club.drop());

  /** Asks for it; its job begins after `lead` milliseconds, and `meanwhile` goes on beside it. */
  async function release(
    request: string,
    lead: number,
    meanwhile: () => Promise<unknown>,
  ): Promise<Released> {
    const { service, org } = club;
    const { version } = await approved(club, request);
    must(await releaseRequest(service, steward, { request, version }));
    let begun = 0;
    const job = pause(lead).then(() => {
      begun = Date.now();
      return club.work();
    });
    await Promise.all([job, meanwhile()]);
    const { id } = await service.state.as(org, (tx) =>
      tx.selectFrom('release').select('id').where('request', '=', request).executeTakeFirstOrThrow(),
    );
    const folder = join(rootOf(service, org), 'releases', id);
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    const leaves = new Set((await readFile(join(folder, 'roster.txt'), 'utf8')).split('\n'));
    const { tokens } = peopleOptions(service, org);
    const cutOff = Date.parse(manifest.cutOff);
    return {
      ...{ id, cutOff, logSize: Number(manifest.logSize), cutOffAfter: cutOff - begun },
      async holds(record) {
        const token = await tokens?.of('members', record);
        if (token == null) throw new RangeError(`${record} has no token`);
        return leaves.has(leafOf(releaseToken(token.master, id)));
      },
    };
  }

  async function stop(record: string): Promise<Stop> {
    const input = recordPreferenceInput.parse({ source: 'members', person: record, kind: 'objection' });
    const { entry, receipt } = must(await recordPreference(club.service, steward, input));
    const verifier = await readLogVerifier(rootOf(club.service, club.org));
    const { said } = checkReceipt(receipt, verifier, Date.now());
    return { record, entry, logged: Date.parse(said.at) };
  }

  test('a stop that races a cut-off is honoured, or its receipt is not earlier than it', async () => {
    const csv = await readFile(join(rootOf(club.service, club.org), 'data', 'members.csv'), 'utf8');
    const records = [...csv.matchAll(/^(M\d+),/gm)].map(([, id]) => id ?? '');
    const before = await release('before', 0, async () => {});
    const able: string[] = [];
    for (const record of records) if (await before.holds(record)) able.push(record);
    const [first = '', second = '', last = '', kept = '', ...others] = able;
    const stops = [await stop(first)];
    const asked = Date.now();
    stops.push(await stop(second));
    const lead = Date.now() - asked;
    // As long as a stop takes before the job begins, and on to where the one before had its cut-off.
    const span = lead + before.cutOffAfter;
    const racing = await release('racing', lead, () =>
      Promise.all(
        others.map(async (record, i) => {
          await pause((span * i) / others.length);
          stops.push(await stop(record));
        }),
      ),
    );
    stops.push(await stop(last));

    for (const { record, entry, logged } of stops) {
      const honoured = entry < racing.logSize;
      expect(await racing.holds(record), record).toBe(!honoured);
      if (!honoured) expect(logged, record).toBeGreaterThanOrEqual(racing.cutOff);
    }
    // It did race: one surely came before, one surely after.
    expect(stops[0]?.entry).toBeLessThan(racing.logSize);
    expect(stops.at(-1)?.entry).toBeGreaterThanOrEqual(racing.logSize);
    expect(await racing.holds(kept)).toBe(true);
  }, 120_000);
});
