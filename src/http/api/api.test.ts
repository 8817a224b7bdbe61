import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { enrol } from '../auth/people.fixture.ts';
import { type Asking, openTestServer, type TestServer } from '../server.fixture.ts';

const club = '/api/organisations/club';

const words = 'The notice was set aside.';

describe.each(oneDatabase)('on $name', (database) => {
  let server: TestServer;
  let officer: { readonly cookie: string };
  let ask: (method: string, path: string, more?: Asking) => Promise<Response>;
  beforeAll(async () => {
    server = await openTestServer(database);
    const { browser } = await enrol(server.people, { email: 'olive@club.example', role: 'officer' });
    officer = { cookie: browser.cookies() };
    ask = (method, path, more) => server.ask(officer, method, `${club}${path}`, more);
  });
  afterAll(() => server.people.test.drop());

  const problemOf = async (response: Response): Promise<string> => {
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    const { code, status, request, type } = (await response.json()) as Record<string, string>;
    expect([status, request]).toEqual([response.status, response.headers.get('X-Request-Id')]);
    expect(type).toBe(`http://club.example/problems/${code}`);
    return `${response.status} ${code}`;
  };
  const said = async (response: Response): Promise<Record<string, unknown>> =>
    (await response.json()) as Record<string, unknown>;
  const grant = (more: Record<string, unknown> = {}) => ({
    ...{
      email: `${randomUUID()}@club.example`,
      name: 'Somebody',
      role: 'steward',
      party: null,
      mayFreeze: false,
    },
    ...more,
  });

  describe('what is sent', () => {
    test('broken JSON is refused', async () => {
      const headers = { 'Content-Type': 'application/json' };
      for (const body of ['{', '{"a":}', '\u0000', 'nul', '"\\ud800'])
        expect(await problemOf(await ask('POST', '/roles', { body, headers }))).toBe('400 json-broken');
    });

    test('JSON that is not UTF-8 is refused', async () => {
      const headers = { 'Content-Type': 'application/json' };
      const body = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
      expect(await problemOf(await ask('POST', '/roles', { body, headers }))).toBe('400 json-broken');
    });

    test('JSON nested deeper than any document is refused', async () => {
      const headers = { 'Content-Type': 'application/json' };
      for (const levels of [40, 300_000]) {
        const body = `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
        expect(await problemOf(await ask('POST', '/roles', { body, headers }))).toBe('400 json-broken');
      }
    });

    test.each([[[]], ['text'], [7], [null]])('%j is no object', async (json) => {
      expect(await problemOf(await ask('POST', '/roles', { json }))).toBe('422 input-invalid');
    });

    test('a body of another type is refused', async () => {
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'application/json; charset=latin1',
      ]) {
        const asked = { body: '{"a":1}', headers: { 'Content-Type': type } };
        expect(await problemOf(await ask('POST', '/roles', asked))).toBe('415 content-type-unknown');
      }
    });

    test('a body that is too large is refused, whether it says so or not', async () => {
      const headers = { 'Content-Type': 'application/json' };
      const body = `{"name":"${'a'.repeat(1_000_000)}"}`;
      expect(await problemOf(await ask('POST', '/roles', { body, headers }))).toBe('413 body-too-large');
      const stream = new Blob([body]).stream();
      expect(await problemOf(await ask('POST', '/roles', { body: stream, headers }))).toBe(
        '413 body-too-large',
      );
    });

    test('a body that ends early changes nothing', async () => {
      const broken = new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"email":'));
          controller.error(new Error('gone'));
        },
      });
      const asked = { body: broken, headers: { 'Content-Type': 'application/json' } };
      expect(await problemOf(await ask('POST', '/roles', asked))).toBe('400 body-cut-short');
    });

    test('every fault of an input is said with its pointer, and none with what was found', async () => {
      const response = await ask('POST', '/roles', {
        json: { email: 'anna', role: 'queen', party: 7, mayFreeze: false, secret: 'anna' },
      });
      const { errors } = await said(response);
      expect((errors as { pointer: string }[]).map(({ pointer }) => pointer).toSorted()).toEqual([
        ...['/email', '/name', '/party', '/role', '/secret'],
      ]);
      expect(JSON.stringify(errors)).not.toContain('anna');
    });

    test('a field of the path is not said again in the body', async () => {
      const response = await ask('POST', '/freezes/f-1/lift', { json: { freeze: 'f-2', words } });
      expect((await said(response)).errors).toEqual([
        { pointer: '/freeze', message: 'is said elsewhere: in the path or a header' },
      ]);
    });

    test('nothing is asked for twice', async () => {
      expect(await problemOf(await ask('GET', '/deeds?limit=1&limit=2'))).toBe('422 input-invalid');
      expect(await problemOf(await ask('GET', '/deeds?limit=1&page=2'))).toBe('422 input-invalid');
    });

    test('a text with a character 0 is refused before the database sees it', async () => {
      expect(await problemOf(await ask('GET', '/duties/x%00y'))).toBe('404 route-unknown');
      expect(await problemOf(await ask('POST', '/freezes/x%00y/lift', { json: { words } }))).toBe(
        '422 input-invalid',
      );
      for (const name of ['a\u0000b', 'a\uD800b', '\uDFFF'])
        expect(await problemOf(await ask('POST', '/roles', { json: grant({ name }) }))).toBe(
          '422 input-invalid',
        );
      expect((await ask('POST', '/roles', { json: grant({ name: 'a\\u0000b \\ud800 😀' }) })).status).toBe(
        201,
      );
    });
  });

  describe('ids', () => {
    test('an id that is not known is not found', async () => {
      for (const path of ['/freezes/none/lift', `/freezes/${encodeURIComponent("';--")}/lift`])
        expect(await problemOf(await ask('POST', path, { json: { words } }))).toBe('404 not-found');
    });

    test('an organisation that is not known is one without a role in it', async () => {
      for (const org of ['choir', 'nowhere', 'Club', '..%2Fclub', `${'a'.repeat(80)}`, '%00'])
        expect(await problemOf(await server.ask(officer, 'GET', `/api/organisations/${org}/deeds`))).toBe(
          '404 not-found',
        );
    });

    test('what there is not, and what cannot be done there', async () => {
      expect(await problemOf(await ask('GET', '/nothing'))).toBe('404 route-unknown');
      const response = await ask('DELETE', '/roles');
      expect(response.headers.get('Allow')).toBe('HEAD, GET, POST');
      expect(await problemOf(response)).toBe('405 method-not-allowed');
      expect(
        await problemOf(
          await server.app.request('/healthz', {
            method: 'POST',
            headers: { 'Sec-Fetch-Site': 'same-origin' },
          }),
        ),
      ).toBe('405 method-not-allowed');
    });
  });

  describe('idempotency', () => {
    const headers = { 'Idempotency-Key': '' };
    const withKey = (key: string) => ({ ...headers, 'Idempotency-Key': key });

    test('what changes something wants a key', async () => {
      for (const key of ['', 'a b', 'x'.repeat(201)])
        expect(await problemOf(await ask('POST', '/roles', { json: grant(), headers: withKey(key) }))).toBe(
          '400 idempotency-key-missing',
        );
    });

    test('the same asked again is answered the same, and done once', async () => {
      const json = grant();
      const first = await ask('POST', '/roles', { json, headers: withKey('same') });
      const again = await ask('POST', '/roles', { json, headers: withKey('same') });
      expect([first.status, again.status]).toEqual([201, 201]);
      expect(await again.text()).toBe(await first.text());
      expect(again.headers.get('ETag')).toBe(first.headers.get('ETag'));
      const granted = await said(await ask('GET', '/deeds?limit=200'));
      const done = (granted.items as { useCase: string; outcome: string }[]).filter(
        ({ useCase, outcome }) => useCase === 'grant-role' && outcome === 'done',
      );
      expect(done.length).toBeGreaterThan(0);
      const mails = (await server.people.mails('club')).filter(({ recipient }) => recipient === json.email);
      expect(mails).toHaveLength(1);
    });

    test('a key that was used for something else is refused', async () => {
      await ask('POST', '/roles', { json: grant(), headers: withKey('other') });
      expect(await problemOf(await ask('POST', '/roles', { json: grant(), headers: withKey('other') }))).toBe(
        '422 idempotency-reused',
      );
      expect(
        await problemOf(
          await ask('POST', '/freezes/f-1/lift', { json: { words }, headers: withKey('other') }),
        ),
      ).toBe('422 idempotency-reused');
    });

    test('of ten that ask the same at once one is done, and none is told anything else', async () => {
      const json = grant();
      const asked = Array.from({ length: 10 }, () =>
        ask('POST', '/roles', { json, headers: withKey('at-once') }),
      );
      const statuses = (await Promise.all(asked)).map(({ status }) => status);
      expect(statuses.filter((status) => status !== 201 && status !== 409)).toEqual([]);
      expect(statuses).toContain(201);
      const mails = (await server.people.mails('club')).filter(({ recipient }) => recipient === json.email);
      expect(mails).toHaveLength(1);
    });

    test('after a refusal the key is free: nothing was done', async () => {
      const path = '/freezes/none/lift';
      expect(await problemOf(await ask('POST', path, { json: { words }, headers: withKey('free') }))).toBe(
        '404 not-found',
      );
      expect((await ask('POST', '/roles', { json: grant(), headers: withKey('free') })).status).toBe(201);
    });

    test('a secret is shown once, and kept nowhere', async () => {
      const json = { name: 'a machine', roles: ['officer'], party: null, days: 30 };
      const first = await ask('POST', '/keys', { json, headers: withKey('secret') });
      expect(first.status).toBe(201);
      const { secret } = await said(first);
      expect(await problemOf(await ask('POST', '/keys', { json, headers: withKey('secret') }))).toBe(
        '409 answer-shown-once',
      );
      const kept = await server.service.state.as('club', (tx) =>
        tx.selectFrom('answered').select('body').execute(),
      );
      expect(JSON.stringify(kept)).not.toContain(secret);
    });
  });

  describe('versions and pages', () => {
    test('who knows an answer already is told that it still holds', async () => {
      const first = await ask('GET', '/freezes');
      const etag = first.headers.get('ETag') ?? '';
      const again = await ask('GET', '/freezes', { headers: { 'If-None-Match': etag } });
      expect([again.status, await again.text()]).toEqual([304, '']);
      const other = await ask('GET', '/freezes', { headers: { 'If-None-Match': '"another"' } });
      expect(other.status).toBe(200);
    });

    test('a long list is read a page at a time, each item once', async () => {
      const all = (await said(await ask('GET', '/deeds?limit=200'))).items as { seq: number }[];
      const seen: number[] = [];
      let cursor = '';
      for (let next: unknown = ''; next !== null; cursor = `&cursor=${next}`) {
        const page = await said(await ask('GET', `/deeds?limit=3${cursor}`));
        seen.push(...(page.items as { seq: number }[]).map(({ seq }) => seq));
        next = page.next;
        if (next === null) break;
        cursor = `&cursor=${next}`;
      }
      expect(seen).toEqual(all.map(({ seq }) => seq));
    });

    test('a cursor that was made up is refused', async () => {
      for (const cursor of ['!', 'bm8', 'WyJub25lIl0'])
        expect(await problemOf(await ask('GET', `/deeds?cursor=${cursor}`))).toBe('422 input-invalid');
    });
  });
});
