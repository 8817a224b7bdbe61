/** A server in process, with people who can sign in, for tests. */
import type { Hono } from 'hono';
import type { AccountsService } from '../app/flow/accounts.ts';
import { countWaiting } from '../app/flow/count-waiting.ts';
import { readinessOf } from '../app/flow/readiness.ts';
import type { TestDatabase } from '../store/postgres/databases.fixture.ts';
import { addressOf } from './address.ts';
import { actorOf } from './auth/actor.ts';
import { openPeople, type People, url } from './auth/people.fixture.ts';
import { authRoutes } from './auth/routes.ts';
import { openFigures } from './figures.ts';
import { openLog } from './log.ts';
import { requestRate } from './rate-limit.ts';
import { readerOf } from './reader.ts';
import { routes } from './routes/all.ts';
import type { Seen } from './seen.ts';
import { createApp } from './server.ts';

export type TestServer = {
  readonly people: People;
  readonly app: Hono<Seen>;
  readonly service: AccountsService;
  /** The lines of its log. */
  readonly logged: string[];
  /** Moves the clock of the service, in milliseconds. */
  pass(ms: number): void;
  /** `who` is a machine's key, a browser's cookies, or nobody. */
  ask(who: Who, method: string, path: string, more?: Asking): Promise<Response>;
};
export type Who = { readonly key: string } | { readonly cookie: string } | null;
export type Asking = {
  readonly json?: unknown;
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream;
  readonly headers?: Readonly<Record<string, string>>;
};

export const metricsToken = 'the token of who looks after the server';

/** `pages` are mounted after those for signing in. */
export async function openTestServer(database: TestDatabase, ...pages: Hono[]): Promise<TestServer> {
  const people = await openPeople(database);
  const logged: string[] = [];
  let passed = 0;
  const service: AccountsService = {
    ...people.service,
    log: openLog('debug', { write: (line: string) => logged.push(line) }),
    now: () => new Date(people.service.now().getTime() + passed),
  };
  const { auths } = people;
  const app = createApp({
    ...{ service, routes, metricsToken, proxies: 0 },
    actorOf: (request, org) => actorOf(auths, request, org),
    readerOf: (request) => readerOf(auths, request),
    rate: requestRate(1_000_000),
    readiness: readinessOf(service),
    figures: openFigures(() => countWaiting(service)),
    pages: [authRoutes({ auths, addressOf: addressOf(0), home: (org) => `/o/${org}` }), ...pages],
  });
  let keys = 0;
  return {
    ...{ people, app, service, logged },
    pass(ms) {
      passed += ms;
    },
    async ask(who, method, path, { json, body, headers = {} } = {}) {
      keys += 1;
      const given: Record<string, string> = { ...credential(who) };
      if (method !== 'GET' && method !== 'HEAD') given['Idempotency-Key'] = `key-${keys}`;
      if (json !== undefined) given['Content-Type'] = 'application/json';
      const sent = json === undefined ? body : JSON.stringify(json);
      const init: RequestInit = { method, headers: { ...given, ...headers } };
      return app.request(
        `${url}${path}`,
        sent === undefined ? init : { ...init, body: sent, duplex: 'half' },
      );
    },
  };
}

function credential(who: Who): Readonly<Record<string, string>> {
  if (who === null) return {};
  if ('key' in who) return { Authorization: `Bearer ${who.key}` };
  return { Cookie: who.cookie, 'Sec-Fetch-Site': 'same-origin' };
}
