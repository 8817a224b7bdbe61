import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addWebhook } from '../app/flow/add-webhook.ts';
import { coverOf, ofMail, ofWebhook } from '../app/flow/cover.ts';
import { newOrganisation, staff, type TestService, testService } from '../app/flow/duties.fixture.ts';
import { listWebhooks } from '../app/flow/list-webhooks.ts';
import { queueWebhook } from '../app/flow/queue-webhook.ts';
import { sealStanding } from '../app/flow/seal-standing.ts';
import type { Actor } from '../app/flow/service.ts';
import { stopWebhook } from '../app/flow/stop-webhook.ts';
import { databases, type TestState } from '../store/postgres/databases.fixture.ts';
import { deleteRows } from '../store/postgres/delete-rows.fixture.ts';
import { deliverDueWebhooks, forgetDeliveries } from './deliver.ts';

const hour = 3_600_000;
type Heard = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string };

describe.each(databases)('on $name', (database) => {
  let made: TestState;
  let service: TestService;
  let server: Server;
  let heard: Heard[];
  let status: number;
  let url: string;
  beforeAll(async () => {
    made = await database.create();
    await newOrganisation(made.state, 'club');
    await newOrganisation(made.state, 'other');
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        heard.push({ path: request.url ?? '', headers: request.headers, body });
        response.writeHead(status, { location: `${url}/elsewhere` }).end('ignored');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await made.drop();
  });
  beforeEach(() => {
    const plain = testService(made.state, made.data);
    service = { ...plain, limits: { ...plain.limits, loopbackWebhooks: true } };
    [heard, status] = [[], 204];
  });
  afterEach(async () => {
    for (const org of ['club', 'other']) await deleteRows(made, org, ['webhook_delivery', 'webhook']);
  });

  const steward = staff('club', 'steward');
  const toys = staff('club', 'recipient', { party: 'toys' });
  const add = async (actor: Actor, path = '') => {
    const answer = await addWebhook(service, actor, { url: `${url}/${path}` });
    if (answer.kind === 'refused') throw new RangeError(answer.code);
    return answer.value;
  };
  const tell = (parties: 'all' | readonly string[]) =>
    made.state.as('club', (tx) =>
      queueWebhook(
        tx,
        'club',
        { event: 'agreement.ended', data: { agreement: 'supply-2026' }, parties },
        service.now(),
      ),
    );
  const deliveries = () =>
    made.state.as('club', (tx) =>
      tx.selectFrom('webhook_delivery').selectAll().where('org', '=', 'club').execute(),
    );

  test('the secret is kept sealed; under another secret of the service nothing goes, and it goes again under its own', async () => {
    const { secret, webhook } = await add(steward, 'hook');
    const kept = (): Promise<string | undefined> =>
      made.state.as('club', async (tx) => {
        const found = await tx.selectFrom('webhook').select('secret').where('id', '=', webhook).execute();
        return found[0]?.secret;
      });
    expect(await kept()).toMatch(/^sealed-1\./);
    expect(await kept()).not.toContain(secret.slice('whsec_'.length));
    await tell('all');
    const other = { ...service, cover: coverOf('the secret of some other service') };
    expect(await deliverDueWebhooks(other)).toMatchObject({ delivered: 0, failed: 1 });
    expect(heard).toEqual([]);
    expect((await deliveries())[0]?.fault).toBe('sealed-otherwise');
    service.pass(hour);
    expect(await deliverDueWebhooks(service)).toMatchObject({ delivered: 1 });
  });

  test('what an earlier version kept in clear is sealed, and opens', async () => {
    const { secret, webhook } = await add(steward, 'hook');
    const mail = { org: 'club', id: 'm', recipient: 'x', kind: 'invitation', subject: 's', attempts: 0 };
    const times = { made_at: service.now(), next_at: service.now() };
    await made.state.as('club', async (tx) => {
      await tx.updateTable('webhook').set({ secret }).where('id', '=', webhook).execute();
      await tx
        .insertInto('mail')
        .values({ ...mail, ...times, body: 'a link' })
        .execute();
    });
    for (const _ of [1, 2]) await sealStanding(service);
    const [hook, letter] = await made.state.as('club', async (tx) => [
      await tx.selectFrom('webhook').select(['org', 'id', 'secret']).executeTakeFirstOrThrow(),
      await tx.selectFrom('mail').select(['org', 'id', 'body']).executeTakeFirstOrThrow(),
    ]);
    if (hook === undefined || letter === undefined) throw new RangeError('gone');
    expect(service.cover.open(ofWebhook(hook), hook.secret)).toBe(secret);
    expect(service.cover.open(ofMail(letter), letter.body)).toBe('a link');
    await made.state.as('club', (tx) => tx.deleteFrom('mail').where('org', '=', 'club').execute());
  });

  test('what happened is told once, signed by the secret that was shown', async () => {
    const { secret } = await add(steward, 'hook');
    await tell([]);
    expect(await deliverDueWebhooks(service)).toEqual({ delivered: 1, failed: 0, givenUp: 0 });
    expect(await deliverDueWebhooks(service)).toEqual({ delivered: 0, failed: 0, givenUp: 0 });
    const [one] = heard;
    expect(heard).toHaveLength(1);
    expect(JSON.parse(one?.body ?? '')).toEqual({
      type: 'agreement.ended',
      timestamp: service.now().toISOString(),
      data: { agreement: 'supply-2026' },
    });
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = one?.headers ?? {};
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const expected = createHmac('sha256', key).update(`${id}.${at}.${one?.body}`).digest('base64');
    expect(signature).toBe(`v1,${expected}`);
    expect(one?.headers['content-type']).toBe('application/json');
  });

  test('a party hears of what is its own, and of nothing that is another’s', async () => {
    await add(steward, 'club');
    await add(toys, 'toys');
    await add(staff('club', 'recipient', { party: 'broker' }), 'broker');
    const told = async (parties: 'all' | readonly string[]): Promise<readonly string[]> => {
      heard = [];
      await tell(parties);
      await deliverDueWebhooks(service);
      return heard.map(({ path }) => path).sort();
    };
    expect(await told(['toys'])).toEqual(['/club', '/toys']);
    expect(await told([])).toEqual(['/club']);
    expect(await told('all')).toEqual(['/broker', '/club', '/toys']);
  });

  test('another organisation hears nothing', async () => {
    await add(staff('other', 'steward'), 'other');
    await tell('all');
    expect((await deliverDueWebhooks(service)).delivered).toBe(0);
  });

  test('more than the event tells is never queued', async () => {
    const data = { agreement: 'supply-2026', email: 'anna@people.example' };
    const queueing = made.state.as('club', (tx) =>
      queueWebhook(tx, 'club', { event: 'agreement.ended', data, parties: 'all' }, service.now()),
    );
    await expect(queueing).rejects.toThrow();
  });

  test('two servers at once deliver each once', async () => {
    await add(steward);
    await Promise.all(Array.from({ length: 20 }, () => tell([])));
    const counts = await Promise.all([deliverDueWebhooks(service), deliverDueWebhooks(service)]);
    expect(counts.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(20);
    expect(new Set(heard.map(({ headers }) => headers['webhook-id'])).size).toBe(20);
    expect(heard).toHaveLength(20);
  });

  test.each([500, 404, 302])(
    'status %d is no delivery: it is tried again under the same id',
    async (code) => {
      await add(steward);
      await tell([]);
      status = code;
      expect(await deliverDueWebhooks(service)).toEqual({ delivered: 0, failed: 1, givenUp: 0 });
      expect(heard.map(({ path }) => path)).toEqual(['/']);
      expect((await deliverDueWebhooks(service)).failed).toBe(0);
      status = 200;
      service.pass(30_000);
      expect((await deliverDueWebhooks(service)).delivered).toBe(1);
      expect(new Set(heard.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
      expect(new Set(heard.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(2);
    },
  );

  test('it is tried for a week, ever more seldom, and then given up', async () => {
    await add(steward);
    await tell([]);
    status = 503;
    let [tries, givenUp] = [0, 0];
    for (let hours = 0; hours < 8 * 24; hours += 1) {
      const counts = await deliverDueWebhooks(service);
      tries += counts.failed;
      givenUp += counts.givenUp;
      service.pass(hour);
    }
    expect(givenUp).toBe(1);
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(30);
    expect(await deliveries()).toMatchObject([{ status: 503, delivered_at: null }]);
  });

  test('a receiver that says it is gone is told nothing more', async () => {
    await add(steward);
    await tell([]);
    await tell([]);
    status = 410;
    await deliverDueWebhooks(service);
    service.pass(hour);
    await tell([]);
    expect(await deliverDueWebhooks(service)).toEqual({ delivered: 0, failed: 0, givenUp: 0 });
    expect((await deliveries()).every(({ given_up_at }) => given_up_at !== null)).toBe(true);
  });

  test('where it leads is looked at again with each delivery', async () => {
    const { webhook } = await add(steward);
    const { loopbackWebhooks: _, ...limits } = service.limits;
    for (const [target, fault] of [
      [url, 'not-https'],
      [url.replace('http:', 'https:'), 'address-private'],
      [url.replace('http://127.0.0.1', 'https://localhost'), 'address-private'],
    ] as const) {
      await made.state.as('club', (tx) =>
        tx
          .updateTable('webhook')
          .set({ url: target })
          .where('org', '=', 'club')
          .where('id', '=', webhook)
          .execute(),
      );
      await tell([]);
      expect((await deliverDueWebhooks({ ...service, limits })).failed).toBe(1);
      expect((await deliveries()).map((each) => [each.status, each.fault])).toContainEqual([null, fault]);
    }
    expect(heard).toEqual([]);
  });

  test('to an address that is not on the open internet no webhook is set up', async () => {
    const { loopbackWebhooks: _, ...limits } = service.limits;
    for (const each of [
      `${url}/`,
      'https://127.0.0.1/',
      'https://localhost/',
      'https://[::1]/',
      'https://10.0.0.1/',
    ])
      expect(await addWebhook({ ...service, limits }, steward, { url: each })).toMatchObject({
        code: 'webhook-address',
      });
    const page = await listWebhooks(service, steward, { limit: 50, cursor: undefined });
    expect(page).toMatchObject({ value: { items: [] } });
  });

  test('one that is stopped is told nothing, not even what was waiting', async () => {
    const { webhook } = await add(toys);
    await tell('all');
    expect(await stopWebhook(service, toys, { webhook })).toMatchObject({ kind: 'done' });
    expect(await stopWebhook(service, toys, { webhook })).toMatchObject({ code: 'already-done' });
    await tell('all');
    expect((await deliverDueWebhooks(service)).delivered).toBe(0);
    expect(heard).toEqual([]);
  });

  test('a party sees and stops its own webhooks, and no secret is shown twice', async () => {
    const own = await add(toys);
    const clubs = await add(steward);
    const page = await listWebhooks(service, toys, { limit: 50, cursor: undefined });
    expect(page).toMatchObject({ kind: 'done', value: { items: [{ webhook: own.webhook, party: 'toys' }] } });
    expect(JSON.stringify(page)).not.toContain(own.secret);
    for (const actor of [toys, staff('other', 'steward')])
      expect(await stopWebhook(service, actor, { webhook: clubs.webhook })).toMatchObject({
        code: 'not-found',
      });
  });

  test('lists go on from page to page', async () => {
    for (let i = 0; i < 5; i += 1) {
      await add(steward, String(i));
      service.pass(1000);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listWebhooks(service, steward, { limit: 2, cursor });
      if (page.kind === 'refused') throw new RangeError(page.code);
      seen.push(...page.value.items.map((item) => item.url.slice(-1)));
      cursor = page.value.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(['4', '3', '2', '1', '0']);
    expect(await listWebhooks(service, steward, { limit: 2, cursor: 'WyJ4IiwieSJd' })).toMatchObject({
      code: 'input-invalid',
    });
  });

  test('a month after it was delivered it is forgotten; what was not is not', async () => {
    await add(steward);
    await tell([]);
    await deliverDueWebhooks(service);
    await tell([]);
    service.pass(31 * 24 * hour);
    await forgetDeliveries(service);
    expect(await deliveries()).toMatchObject([{ delivered_at: null }]);
  });
});
