import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { deleteRows } from '../../store/postgres/delete-rows.fixture.ts';
import { carryOutIngest } from './carry-out-ingest.ts';
import { heldDays } from './contact-changes.ts';
import { type FlowFixture, flowFixture, must, steward } from './flow.fixture.ts';
import { ingestSource } from './ingest-source.ts';
import { isOnRecord } from './is-on-record.ts';
import { listOwnPreferences } from './list-own-preferences.ts';
import { ownRecords } from './own-records.ts';
import type { Actor, Service } from './service.ts';
import { showIngest } from './show-ingest.ts';

const day = 86_400_000;

describe.each(oneDatabase)('addresses that were changed, on $name', (database) => {
  let club: FlowFixture;
  let csv = '';
  let passed = 0;
  beforeAll(async () => {
    club = await flowFixture(database);
    csv = await readFile(fileOf(), 'utf8');
  });
  beforeEach(() => {
    passed = 0;
  });
  afterAll(() => club.drop());

  const fileOf = () => join(club.service.data, club.org, 'data/members.csv');
  const service = (): Service => ({ ...club.service, now: () => new Date(Date.now() + passed) });
  const emails = () => [...csv.matchAll(/[a-z]+@people\.example/g)].map(([email]) => email);
  const known = (email: string) => isOnRecord(service(), club.org, email);
  async function ingest(text: string): Promise<void> {
    await writeFile(fileOf(), text);
    const { id } = must(await ingestSource(club.service, steward, { source: 'members' }));
    for (let next = club.waiting.shift(); next !== undefined; next = club.waiting.shift())
      await carryOutIngest(service(), next.job);
    expect(must(await showIngest(club.service, steward, { ingest: id })).state).toBe('done');
  }
  async function forget(): Promise<void> {
    await deleteRows(club.made, club.org, ['contact_change', 'contact_seen', 'ingest']);
    await writeFile(fileOf(), csv);
  }

  test('no link goes to an address that was changed within a month; then it does', async () => {
    await forget();
    const [email = '', other = ''] = emails();
    await ingest(csv);
    expect(await known(email)).toBe(true);
    await ingest(csv.replace(email, 'new@people.example'));
    expect(await known(email)).toBe(false);
    expect(await known('new@people.example')).toBe(false);
    expect(await known(other)).toBe(true);
    passed = heldDays * day;
    expect(await known('new@people.example')).toBe(false);
    passed += day;
    expect(await known('new@people.example')).toBe(true);
  });

  test('an address that was put back was changed again, and whoever is signed in sees nothing of it meanwhile', async () => {
    await forget();
    const [email = ''] = emails();
    const member: Actor = { kind: 'member', id: 'm', org: club.org, email };
    await ingest(csv);
    expect(must(await listOwnPreferences(service(), member, {})).records).toHaveLength(1);
    await ingest(csv.replace(email, 'new@people.example'));
    passed = 40 * day;
    await ingest(csv);
    expect(await known(email)).toBe(false);
    expect(must(await listOwnPreferences(service(), member, {})).records).toEqual([]);
    passed += (heldDays + 1) * day;
    expect(await known(email)).toBe(true);
  });

  test('a first reading changes nothing, nor does a record that is new, nor one that has no address any more', async () => {
    await forget();
    const [email = ''] = emails();
    const [header = '', first = ''] = csv.split('\n');
    const cells = (change: (at: string) => string): string =>
      first
        .split(',')
        .map((cell, i) => change(header.split(',')[i] ?? '') || cell)
        .join(',');
    const joined = cells((at) => ({ member: 'M999', email: 'joined@people.example' })[at] ?? '');
    await ingest(csv);
    await ingest(`${csv.trimEnd()}\n${joined}\n`);
    expect(await known('joined@people.example')).toBe(true);
    await ingest(`${csv.replace(email, '').trimEnd()}\n${joined}\n`);
    const rows = await club.service.state.as(club.org, (tx) =>
      tx.selectFrom('contact_change').selectAll().where('org', '=', club.org).execute(),
    );
    expect(rows).toEqual([]);
  });

  test('a record that was left out, and comes back with another address, was changed; one that is new was not', async () => {
    await forget();
    const [email = '', other = ''] = emails();
    const [header = '', first = '', ...rest] = csv.split('\n');
    const without = [header, ...rest].join('\n');
    await ingest(csv);
    await ingest(without);
    expect(await known(email)).toBe(false);
    passed = 60 * day;
    await ingest(without.replace(other, 'second@people.example'));
    passed += (heldDays + 1) * day;
    const joined = first.replace(/^[^,]+/, 'M998').replace(email, 'joined@people.example');
    await ingest([header, first.replace(email, 'new@people.example'), joined, ...rest].join('\n'));
    expect(await known('new@people.example')).toBe(false);
    expect(await known('joined@people.example')).toBe(true);
    passed += (heldDays + 1) * day;
    expect(await known('new@people.example')).toBe(true);
  });

  test('who left while their new address was held is held on when they come back', async () => {
    await forget();
    const [email = ''] = emails();
    const changed = csv.replace(email, 'new@people.example');
    const [header = '', , ...rest] = csv.split('\n');
    await ingest(csv);
    await ingest(changed);
    await ingest([header, ...rest].join('\n'));
    await ingest(changed);
    expect(await known('new@people.example')).toBe(false);
  });

  test('what is written down of a change names nobody', async () => {
    await forget();
    const [email = ''] = emails();
    await ingest(csv);
    const [own] = await ownRecords(service(), club.org, email);
    await ingest(csv.replace(email, 'new@people.example'));
    const rows = await club.service.state.as(club.org, (tx) =>
      tx.selectFrom('contact_change').selectAll().where('org', '=', club.org).execute(),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ record_key: expect.stringMatching(/^[0-9a-f]{32}$/) });
    for (const said of [email, 'new@people.example', own?.record ?? '?'])
      expect(JSON.stringify(rows)).not.toContain(said);
  });

  test('a source that nobody ingested is held against what it was when it was last asked', async () => {
    await forget();
    const [email = '', other = ''] = emails();
    expect(await Promise.all([known(email), known(other), known(email)])).toEqual([true, true, true]);
    await writeFile(fileOf(), csv.replace(email, 'new@people.example'));
    expect(await known('new@people.example')).toBe(false);
    expect(await known(other)).toBe(true);
  });

  test('where what was read before is gone, nobody can say whose address is new, and no link goes out', async () => {
    await forget();
    const [email = '', other = ''] = emails();
    await ingest(csv);
    await rm(join(club.service.data, club.org, '.astold/snapshots'), { recursive: true });
    // The very same file is no change.
    await ingest(csv);
    expect(await known(other)).toBe(true);
    await rm(join(club.service.data, club.org, '.astold/snapshots'), { recursive: true });
    await ingest(csv.replace(email, 'new@people.example'));
    for (const each of [other, 'new@people.example']) expect(await known(each)).toBe(false);
    passed = (heldDays + 1) * day;
    expect(await known(other)).toBe(true);
  });
});
