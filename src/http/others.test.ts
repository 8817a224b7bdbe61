/** What is really there, asked for by its very id: by another recipient's party, and by another organisation's staff. */
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { access, isAllowed, type Role } from '../app/flow/access.ts';
import { countWaiting } from '../app/flow/count-waiting.ts';
import { beginOrganisation } from '../app/flow/duties.fixture.ts';
import {
  approved,
  type FlowFixture,
  flowFixture,
  mailing,
  must,
  officer,
  steward,
  toys,
} from '../app/flow/flow.fixture.ts';
import { freeze } from '../app/flow/freeze.ts';
import { ingestSource } from '../app/flow/ingest-source.ts';
import { listDuties } from '../app/flow/list-duties.ts';
import { makeDownload } from '../app/flow/make-download.ts';
import { readinessOf } from '../app/flow/readiness.ts';
import { recordPreference, recordPreferenceInput } from '../app/flow/record-preference.ts';
import { releaseRequest } from '../app/flow/release-request.ts';
import type { Actor } from '../app/flow/service.ts';
import { showRelease } from '../app/flow/show-release.ts';
import { showRequest } from '../app/flow/show-request.ts';
import { openCase, openCaseInput } from '../app/window/open-case.ts';
import { oneDatabase } from '../store/postgres/databases.fixture.ts';
import type { StaffRole } from '../store/postgres/tables.ts';
import { accountsOf } from './auth/accounts.ts';
import { openAuths } from './auth/auths.ts';
import { openFigures } from './figures.ts';
import { type Place, type PlaceName, parametersOf, places } from './places.ts';
import { requestRate } from './rate-limit.ts';
import type { ApiService } from './route.ts';
import { routes } from './routes/all.ts';
import { createApp } from './server.ts';

const everyPlace = Object.entries(places) as [PlaceName, Place][];
/** A file that is uploaded has a name and no id: what counts is whose folder it comes into. */
const named = everyPlace.filter(
  ([name, { path, upload }]) => upload === undefined && (path.includes('{') || name === 'fetch-download'),
);
/** Deeds name what their own actor asked for. */
const lists = everyPlace.filter(
  ([name, { method, path }]) => method === 'get' && !path.includes('{') && name !== 'list-deeds',
);
const words = 'because of this test';
const upload = new TextEncoder().encode('id\n1\n');

/** What is asked besides the path, so that the id alone can be what is wrong. */
const bodies: Partial<Record<PlaceName, object>> = {
  'put-document': { text: 'x: 1\n' },
  'withdraw-request': { words },
  'send-back-request': { words },
  'refuse-request': { words },
  'terminate-agreement': { words },
  'countersign-supply': { note: 'x' },
  'attest-duty': { note: 'x' },
  'answer-case': { deed: 'note', words },
  'end-case': { outcome: 'refused', words },
  'acknowledge-passed-on': { answer: 'done' },
  'resolve-event': { source: 'members', records: [], words },
};

describe.each(oneDatabase)('on $name', (database) => {
  let club: FlowFixture;
  let service: ApiService;
  let app: ReturnType<typeof createApp>;
  let ids: Readonly<Record<string, string>>;
  let asker: Actor = steward;
  let keys = 0;

  beforeAll(async () => {
    club = await flowFixture(database);
    const { state, url, now, log, data } = club.service;
    const secret = randomBytes(32).toString('hex');
    const auths = openAuths({ ...{ state, url, secret, log, now }, isOnRecord: async () => false });
    service = { ...club.service, accounts: accountsOf(auths) };
    app = createApp({
      ...{ service, routes, metricsToken: null, proxies: 0, pages: [], rate: requestRate(1_000_000) },
      actorOf: async (_, org) => (asker.org === org ? asker : null),
      readiness: readinessOf(service),
      figures: openFigures(() => countWaiting(service)),
    });
    await beginOrganisation(state, data, 'other-club');
    ids = await made();
  }, 180_000);
  afterAll(() => club.drop());

  async function made(): Promise<Readonly<Record<string, string>>> {
    const { org } = club;
    const ingest = must(await ingestSource(service, steward, { source: 'members' })).id;
    const { version } = await approved(club, 'by-walk');
    must(await releaseRequest(service, steward, { request: 'by-walk', version }));
    await club.work();
    const { items } = must(await listDuties(service, officer, { limit: 50, party: 'example-mailing' }));
    const request = must(await showRequest(service, officer, { request: 'by-walk' }));
    const { id: release } = await service.state.as(org, (tx) =>
      tx.selectFrom('release').select('id').where('org', '=', org).executeTakeFirstOrThrow(),
    );
    const supply = must(await showRelease(service, mailing, { release })).supplies[0]?.id ?? '';
    const { code } = must(await makeDownload(service, mailing, { supply }));
    const said = recordPreferenceInput.parse({ source: 'members', person: 'M001', kind: 'objection' });
    const receipt = must(await recordPreference(service, steward, said)).event;
    const asked = { kind: 'access', source: 'members', person: 'M002', by: 'phone' };
    const opened = must(await openCase(service, steward, openCaseInput.parse(asked)));
    const letter = { surname: 'Nobody', postcode: 'ZZ9 9ZZ', by: 'letter', signed: '2026-01-02' };
    const unresolved = { source: 'members', kind: 'objection', received: '2026-01-03', ...letter };
    const { event } = must(await recordPreference(service, steward, recordPreferenceInput.parse(unresolved)));
    const passed = { org, id: 'passed-1', release, party: 'example-mailing', kind: 'stop' } as const;
    const task = { code: 'CODE-1', source: 'members', record_key: 'key-1', cause: receipt, said: null };
    const unanswered = { acknowledged_at: null, acknowledged_by: null, answer: null, words: null };
    const { person } = await service.accounts.personOf('m.mailing@mailing.example', 'M');
    const of = { org, name: 'm', party: 'example-mailing' };
    const roles = ['recipient'] as const;
    const { key } = await service.accounts.makeKey({ ...of, madeBy: person, roles: [...roles], days: 30 });
    const webhook = { url: 'https://mailing.example/', secret: 's', made_by: person, made_at: new Date() };
    await service.state.as(org, async (tx) => {
      await tx
        .insertInto('passed_on')
        .values({ ...passed, ...task, ...unanswered, made_at: new Date(), due_on: '2099-01-01' })
        .execute();
      await tx
        .insertInto('webhook')
        .values({ org, id: 'webhook-1', party: 'example-mailing', ...webhook, stopped_at: null })
        .execute();
      const granted = { may_freeze: false, granted_by: 'o', granted_at: new Date() };
      await tx
        .insertInto('staff_role')
        .values({ org, person, role: 'recipient', party: 'example-mailing', ...granted })
        .execute();
    });
    const frozen = { kind: 'party', subject: 'example-mailing', words } as const;
    return {
      ...{ ingest, request: 'by-walk', release, supply, code, receipt, person, role: 'recipient' },
      ...{ check: request.checks[0]?.id ?? '', duty: items[0]?.duty ?? '', key: key.id },
      ...{ case: opened.case, event, task: passed.id },
      ...{ webhook: 'webhook-1', freeze: must(await freeze(service, officer, frozen)).freeze },
      ...{ path: 'requests/by-walk.yaml', source: 'members', name: 'members.csv', file: 'manifest.json' },
      agreement: String(club.document('by-walk').agreement),
      party: 'example-mailing',
    };
  }

  async function ask(who: Actor, name: PlaceName, place: Place): Promise<string> {
    asker = who;
    keys += 1;
    const path = place.path.replaceAll(/\{([a-z]+)\+?\}/g, (_, field: string) => ids[field] ?? 'made-up');
    const headers = new Headers({ 'Sec-Fetch-Site': 'same-origin' });
    if (place.method !== 'get') headers.set('Idempotency-Key', `k${keys}`);
    if (place.version !== undefined) headers.set('If-Match', '"1"');
    const json = sent(name);
    if (json !== null) headers.set('Content-Type', 'application/json');
    if (place.upload) {
      headers.set('Content-Length', String(upload.length));
      const digest = createHash('sha256').update(upload).digest('base64');
      headers.set('Content-Digest', `sha-256=:${digest}:`);
    }
    const body = place.upload ? upload : json;
    const response = await app.request(`${club.service.url}/api/organisations/${who.org}${path}`, {
      ...{ method: place.method.toUpperCase(), headers, body },
    });
    const text = await response.text();
    return response.ok ? text : String((JSON.parse(text) as { code: string }).code);
  }

  function sent(name: PlaceName): string | null {
    if (name === 'fetch-download') return JSON.stringify({ code: ids.code });
    if (name === 'approve-request') return JSON.stringify({ words, check: ids.check });
    if (name === 'lift-freeze') return JSON.stringify({ words });
    const body = bodies[name];
    return body === undefined ? null : JSON.stringify(body);
  }

  const othersOf = (useCase: Place['useCase']): readonly Actor[] =>
    (access[useCase] as readonly Role[])
      .filter((role) => role !== 'member')
      .map((role): Actor => {
        const staff: StaffRole = role === 'freezer' ? 'auditor' : (role as StaffRole);
        const party = role === 'recipient' ? 'example-mailing' : null;
        const of = { kind: 'staff', id: `other-${role}`, org: 'other-club' } as const;
        return { ...of, roles: new Set([staff]), party, mayFreeze: role === 'freezer' };
      });
  /** What was drawn or derived for this organisation alone. */
  const secrets = (): readonly string[] =>
    [
      'by-walk',
      'ingest',
      'release',
      'supply',
      'receipt',
      'person',
      'check',
      'duty',
      'key',
      'webhook',
      'freeze',
      'case',
      'event',
      'task',
    ]
      .map((name) => ids[name] ?? name)
      .concat('example-mailing');

  test.each(named)('%s finds nothing of another organisation', async (name, place) => {
    for (const who of othersOf(place.useCase))
      expect(expectedOf[name] ?? ['not-found']).toContain(await ask(who, name, place));
  });

  test.each(lists)('%s shows nothing of another organisation', async (name, place) => {
    for (const who of othersOf(place.useCase)) {
      const told = await ask(who, name, place);
      for (const secret of secrets()) expect(told).not.toContain(secret);
    }
  });

  const ofRecipients = ([, { useCase }]: [PlaceName, Place]): boolean =>
    (access[useCase] as readonly Role[]).includes('recipient');

  test.each(named.filter(ofRecipients))('%s finds nothing of another party', async (name, place) => {
    expect(await ask(toys, name, place)).toBe('not-found');
  });

  test.each(lists.filter(ofRecipients))('%s shows nothing of another party', async (name, place) => {
    const told = await ask(toys, name, place);
    expect(told).toContain('"items"');
    // A party of the chain owes duties of its own that follow from the same release.
    const ofOthers = name === 'list-duties' ? told.replaceAll(ids.release ?? '', 'its release') : told;
    for (const secret of secrets()) expect(ofOthers).not.toContain(secret);
  });

  test('a file of another organisation comes into its own folder, whatever it is called', async () => {
    const file = (org: string) => readFile(join(service.data, org, 'data', 'members.csv'));
    const before = await file(club.org);
    const [theirs] = othersOf('upload-data');
    if (theirs === undefined) throw new RangeError('nobody uploads');
    expect(await ask(theirs, 'upload-data', places['upload-data'])).toContain('members.csv');
    expect(await file(club.org)).toEqual(before);
    expect(await file('other-club')).toEqual(Buffer.from(upload));
  });

  test('of everything that has an id the walk has one', () => {
    const fields = named.flatMap(([, { path }]) => parametersOf(path));
    expect([...new Set(fields)].filter((field) => !ids[field])).toEqual([]);
  });

  test('whoever it is of finds it there', async () => {
    for (const [name, place] of named) {
      const who = [steward, officer].find((each) => isAllowed(each, place.useCase));
      if (place.method !== 'get' || name === 'read-evidence' || who === undefined) continue;
      expect(await ask(who, name, place)).toContain(heads[name] ?? '{');
    }
    expect(await ask(mailing, 'show-request', places['show-request'])).toContain('by-walk');
    expect(await ask(mailing, 'list-duties', places['list-duties'])).toContain(ids.duty);
    expect(await ask(mailing, 'list-passed-on', places['list-passed-on'])).toContain(ids.task);
    expect(await ask(steward, 'list-cases', places['list-cases'])).toContain(ids.case);
    expect(await ask(steward, 'list-unresolved', places['list-unresolved'])).toContain(ids.event);
  });
});

/** What a file begins with that is no JSON. */
const heads: Partial<Record<PlaceName, string>> = {
  'make-delta': 'trace_code',
  'make-codes': 'code,kind,release',
};
/** Of an organisation without documents the same is said in other ways as well. */
const expectedOf: Partial<Record<PlaceName, readonly string[]>> = {
  'put-document': ['path-unknown'],
  'remove-document': ['documents-faulty'],
  'ingest-source': ['documents-faulty'],
  'read-receipt': ['documents-faulty'],
  'resolve-event': ['documents-faulty'],
};
