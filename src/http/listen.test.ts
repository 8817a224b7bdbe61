import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approveRequest } from '../app/flow/approve-request.ts';
import { countWaiting } from '../app/flow/count-waiting.ts';
import { code, type FlowFixture, flowFixture, must } from '../app/flow/flow.fixture.ts';
import { makeKey } from '../app/flow/make-key.ts';
import { readinessOf } from '../app/flow/readiness.ts';
import type { Actor } from '../app/flow/service.ts';
import { rootOf } from '../app/flow/workspace-of.ts';
import { type Client, openClient } from '../client/client.ts';
import { ProblemError } from '../client/problem.ts';
import { databases } from '../store/postgres/databases.fixture.ts';
import type { StaffRole } from '../store/postgres/tables.ts';
import { accountsOf } from './auth/accounts.ts';
import { actorOf } from './auth/actor.ts';
import { openAuths } from './auth/auths.ts';
import { openFigures } from './figures.ts';
import { type Listening, listen } from './listen.ts';
import { requestRate } from './rate-limit.ts';
import type { ApiService } from './route.ts';
import { routes } from './routes/all.ts';
import type { Seen } from './seen.ts';
import { createApp } from './server.ts';

/** Answers after a while. */
function slow(ms = 400): Hono<Seen> {
  return new Hono<Seen>().get('/', async (c) => {
    await pause(ms, null, { ref: false });
    return c.text('done');
  });
}

describe.each(databases)('a server on a socket, on $name', (database) => {
  let club: FlowFixture;
  let listening: Listening;
  let url: string;
  let service: ApiService;
  const keys = new Map<string, string>();
  let steward: Client;
  let officer: Client;
  let mailing: Client;

  beforeAll(async () => {
    club = await flowFixture(database);
    const { state, now, log } = club.service;
    const secret = randomBytes(32).toString('hex');
    const auths = openAuths({
      state,
      url: club.service.url,
      secret,
      log,
      now,
      isOnRecord: async () => false,
    });
    service = { ...club.service, accounts: accountsOf(auths) };
    const app = createApp({
      ...{ service, routes, metricsToken: null, proxies: 0, pages: [], rate: requestRate(1_000_000) },
      actorOf: (request, org) => actorOf(auths, request, org),
      readiness: readinessOf(service),
      figures: openFigures(() => countWaiting(service)),
    });
    listening = await listen(app, { host: '127.0.0.1', port: 0, url: club.service.url });
    url = `http://127.0.0.1:${listening.port}`;
    steward = await clientOf('officer', 'steward');
    officer = await clientOf('officer', 'officer');
    mailing = await clientOf('recipient', 'recipient', 'example-mailing');
  });
  afterAll(async () => {
    await listening.stop(1);
    await club.drop();
  });

  /** By the key that somebody of the first role made, with the second. */
  async function clientOf(role: StaffRole, of: StaffRole, party: string | null = null): Promise<Client> {
    const { org } = club;
    const { person } = await service.accounts.personOf(`${of}-maker@club.example`, 'Somebody');
    const row = { org, person, role, party, may_freeze: false, granted_by: 'set-up', granted_at: new Date() };
    await service.state.as(org, (tx) => tx.insertInto('staff_role').values(row).execute());
    const maker = {
      kind: 'staff',
      id: person,
      org,
      roles: new Set([role]),
      party,
      mayFreeze: false,
    } as const;
    const made = must(await makeKey(service, maker, { name: of, roles: [of], party, days: 30 }));
    keys.set(of, made.secret);
    return openClient({ url, org, key: made.secret });
  }
  const codeOf = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
    } catch (error) {
      if (error instanceof ProblemError) return `${error.problem.status} ${error.code}`;
      throw error;
    }
    return 'done';
  };

  test('a release is asked for, checked, made and fetched once, by programs; a person approves it', async () => {
    const asked = await steward.call('request-release', {
      ...{ recipient: 'example-mailing', document: club.document('by-program'), version: 0 },
    });
    expect(asked).toMatchObject({ id: 'by-program', state: 'REQUESTED', version: 1 });
    const check = await steward.call('check-request', { request: asked.id });
    await club.work();
    expect(await officer.call('show-check', { check: check.id })).toMatchObject({ state: 'done' });
    const { version } = await officer.call('show-request', { request: asked.id });
    const approval = { request: asked.id, check: check.id, words: 'they said yes to the maker', version };
    expect(await codeOf(officer.call('approve-request', approval))).toBe('403 not-allowed');
    const agreed = must(await approveRequest(service, await personOf('officer'), approval));
    expect(agreed.state).toBe('AGREED');
    expect(await codeOf(steward.call('release-request', { request: asked.id, version }))).toBe(
      '412 changed-meanwhile',
    );
    await steward.call('release-request', { request: asked.id, version: agreed.version });
    await club.work();
    const { items } = await mailing.call('list-releases', {});
    const release = await mailing.call('show-release', { release: items[0]?.id ?? '' });
    const supply = release.supplies[0]?.id ?? '';
    const { code } = await mailing.call('make-download', { supply });
    const file = await mailing.call('fetch-download', { code });
    const bytes = await buffer(file.stream);
    expect([file.type, file.bytes, bytes.subarray(0, 2).toString()]).toEqual([
      ...['application/zip', bytes.length, 'PK'],
    ]);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(supply);
    expect(await codeOf(mailing.call('fetch-download', { code }))).toBe('410 link-used');
  });

  test('who prepared a request by a key does not approve it, themselves or by another key', async () => {
    const document = club.document('own-two-keys');
    await officer
      .call('request-release', { recipient: 'example-mailing', document, version: 0 })
      .catch(() => {});
    const made = await steward.call('request-release', {
      recipient: 'example-mailing',
      document,
      version: 0,
    });
    const check = await steward.call('check-request', { request: made.id });
    await club.work();
    const approval = { request: made.id, check: check.id, words: 'because', version: 2 };
    const second = await otherKeyOfSteward();
    expect(await codeOf(second.call('approve-request', approval))).toBe('403 not-allowed');
    expect(code(await approveRequest(service, await personOf('steward'), approval))).toBe('two-people');
  });

  /** Who made that key, as an officer at their own screen. */
  async function personOf(of: StaffRole): Promise<Actor> {
    const { org } = club;
    const { person } = await service.accounts.personOf(`${of}-maker@club.example`, 'Somebody');
    return { kind: 'staff', id: person, org, roles: new Set(['officer']), party: null, mayFreeze: false };
  }

  /** An officer's key of the very person whose the steward's is. */
  async function otherKeyOfSteward(): Promise<Client> {
    const { org } = club;
    const maker = await personOf('steward');
    const made = must(
      await makeKey(service, maker, { name: 'second', roles: ['officer'], party: null, days: 30 }),
    );
    return openClient({ url, org, key: made.secret });
  }

  describe('an upload', () => {
    const text = 'id,email\n1,anna@member.example\n';
    const sha256 = createHash('sha256').update(text).digest('hex');
    const folder = () => join(rootOf(service, club.org), 'data');
    const body = new TextEncoder().encode(text);

    test('is put in its place, and put again under its key is answered the same', async () => {
      const input = { name: 'new.csv', sha256, bytes: body.length };
      const made = await steward.call('upload-data', input, { body, idempotencyKey: 'upload-1' });
      expect(await steward.call('upload-data', input, { body, idempotencyKey: 'upload-1' })).toEqual(made);
      expect(await readFile(join(folder(), 'new.csv'), 'utf8')).toBe(text);
    });

    test('of something else than was announced changes nothing', async () => {
      const other = new TextEncoder().encode(text.replace('anna', 'arno'));
      const input = { name: 'other.csv', sha256, bytes: other.length };
      expect(await codeOf(steward.call('upload-data', input, { body: other }))).toBe('422 upload-refused');
      expect(await readdir(folder())).not.toContain('other.csv');
    });

    test('that is larger than may be is refused', async () => {
      const large = new Uint8Array((1 << 20) + 1);
      const digest = createHash('sha256').update(large).digest('hex');
      const input = { name: 'large.csv', sha256: digest, bytes: large.length };
      expect(await codeOf(steward.call('upload-data', input, { body: large }))).toBe('422 upload-refused');
      expect(await readdir(folder())).not.toContain('large.csv');
    });

    test('that does not say what it is is refused', async () => {
      const headers = { Authorization: `Bearer ${keys.get('steward')}`, 'Idempotency-Key': 'u' };
      const path = `${url}/api/organisations/${club.org}/data/new.csv`;
      const response = await fetch(path, { method: 'PUT', headers, body });
      expect(((await response.json()) as { code: string }).code).toBe('content-digest-missing');
    });

    test('that is cut short leaves nothing behind, and the server goes on', async () => {
      const base64 = Buffer.from(sha256, 'hex').toString('base64');
      const socket = connect(listening.port, '127.0.0.1');
      socket.write(
        [
          `PUT /api/organisations/${club.org}/data/cut.csv HTTP/1.1`,
          ...['Host: x', `Authorization: Bearer ${keys.get('steward')}`, 'Idempotency-Key: cut'],
          ...[`Content-Digest: sha-256=:${base64}:`, `Content-Length: ${body.length}`, '', text.slice(0, 9)],
        ].join('\r\n'),
      );
      await pause(300);
      socket.destroy();
      const uploads = join(rootOf(service, club.org), '.astold', 'uploads');
      await expect.poll(async () => (await readdir(uploads)).filter((name) => name !== '')).toEqual([]);
      expect(await readdir(folder())).not.toContain('cut.csv');
      // Nothing was done: the same key may be used for the whole of it.
      const input = { name: 'cut.csv', sha256, bytes: body.length };
      await expect
        .poll(() => codeOf(steward.call('upload-data', input, { body, idempotencyKey: 'cut' })))
        .toBe('done');
    });
  });

  test('a stop lets an answer under way end, and takes no other', async () => {
    const other = await listen(slow(), { host: '127.0.0.1', port: 0 });
    const address = `http://127.0.0.1:${other.port}`;
    const under = fetch(address);
    await pause(100);
    const stopped = other.stop(10);
    await pause(50);
    await expect(fetch(address)).rejects.toThrow();
    expect(await (await under).text()).toBe('done');
    await stopped;
  });

  test('a stop does not wait longer than it was told', async () => {
    const other = await listen(slow(60_000), { host: '127.0.0.1', port: 0 });
    const under = fetch(`http://127.0.0.1:${other.port}`).then(
      () => 'answered',
      () => 'cut off',
    );
    await pause(100);
    await other.stop(0.2);
    expect(await under).toBe('cut off');
  });

  test('an address that is taken is said', async () => {
    await expect(listen(slow(), { host: '127.0.0.1', port: listening.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  test.each([
    ['is no HTTP', '\u0000\u0001\u0002 nothing\r\n\r\n', 400, 'request-malformed'],
    [
      'has more headers than are read',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers-too-large',
    ],
  ])(
    'what %s is told so, as a problem, and ends the connection and nothing else',
    async (_, sent, status, code) => {
      const socket = connect(listening.port, '127.0.0.1');
      socket.write(sent);
      const [head = '', body = ''] = (await buffer(socket)).toString().split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(head).toMatch(/^content-type: application\/problem\+json$/im);
      expect(head).toMatch(/^connection: close$/im);
      expect(JSON.parse(body)).toMatchObject({ status, code, type: `${club.service.url}/problems/${code}` });
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
    },
  );

  test('an answer before the body was read is the last on its connection, and says so; any other is not', async () => {
    const path = `${url}/api/organisations/${club.org}/requests`;
    const post = (body: string, headers = {}) =>
      fetch(path, { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } });
    const signed = { Authorization: `Bearer ${keys.get('steward')}`, 'Idempotency-Key': 'large' };
    const large = JSON.stringify({ words: 'x'.repeat(3_000_000) });
    for (const [body, headers, status, connection] of [
      [large, signed, 413, 'close'],
      [large, {}, 401, 'close'],
      ['{}', { ...signed, 'Idempotency-Key': 'small' }, 422, 'keep-alive'],
      ['{}', {}, 401, 'keep-alive'],
    ] as const) {
      const response = await post(body, headers);
      expect([response.status, response.headers.get('connection')]).toEqual([status, connection]);
      await response.text();
      const next = await fetch(`${url}/healthz`);
      expect([next.status, next.headers.get('connection')]).toEqual([200, 'keep-alive']);
      await next.text();
    }
  });
});
