/** People with accounts, their browsers and their mail, for tests: on a database of its own. */
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { base32 } from '@better-auth/utils/base32';
import { createOTP } from '@better-auth/utils/otp';
import { Hono } from 'hono';
import { sql } from 'kysely';
import { pino } from 'pino';
import type { Accounts, AccountsService } from '../../app/flow/accounts.ts';
import { coverOf, isSealed, ofMail } from '../../app/flow/cover.ts';
import { newOrganisation, putTexts, testService } from '../../app/flow/duties.fixture.ts';
import { grantRole, grantRoleInput } from '../../app/flow/grant-role.ts';
import type { Actor } from '../../app/flow/service.ts';
import type { TestDatabase, TestState } from '../../store/postgres/databases.fixture.ts';
import { accountsOf } from './accounts.ts';
import { actorOf } from './actor.ts';
import { type Auths, openAuths } from './auths.ts';
import { authRoutes } from './routes.ts';

export const url = 'http://club.example';
export const password = 'four words that do not fit';

export type People = {
  readonly test: TestState;
  readonly auths: Auths;
  readonly accounts: Accounts;
  readonly service: AccountsService;
  /** `org email`, of members. */
  readonly onRecord: Set<string>;
  /** Everything better-auth or we logged. */
  readonly logged: string[];
  browser(address?: string): Browser;
  actor(browser: Browser | string, org?: string): Promise<Actor | null>;
  grant(granted: Granted): Promise<string>;
  /** The latest mail's link to somebody, of this organisation or of the service; null where none was queued. */
  linkTo(recipient: string, org?: string): Promise<string | null>;
  mails(
    org: string,
  ): Promise<readonly { readonly kind: string; readonly recipient: string; readonly body: string }[]>;
};
type Granted = {
  readonly email: string;
  readonly role: 'steward' | 'officer' | 'recipient' | 'auditor';
  readonly party?: string;
  readonly mayFreeze?: boolean;
  readonly org?: string;
};

const entry = (id: string, name: string): string => `  - id: ${id}
    legal-name: ${name}
    number: null
    aliases: []
    group: null
    categories: []
    from: 2015-01-01
    until: null
`;
const register = `organisations:\n${entry('acme-toys', 'Acme Toys Ltd')}${entry('fun-books', 'Fun Books Ltd')}`;

export async function openPeople(database: TestDatabase): Promise<People> {
  const test = await database.create();
  const { state } = test;
  for (const org of ['club', 'choir']) {
    await newOrganisation(state, org, org === 'club' ? 'The Example Club' : 'The Choir');
    await putTexts(state, org, { 'organisations.yaml': register });
  }
  const logged: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) });
  const onRecord = new Set<string>();
  const secret = randomBytes(32).toString('base64url');
  const plain = { ...testService(state, test.data, url), cover: coverOf(secret) };
  const auths = openAuths({
    ...{ state, url, secret, log, now: plain.now },
    isOnRecord: async (org, email) => onRecord.has(`${org} ${email}`),
  });
  const accounts = accountsOf(auths);
  const service: AccountsService = { ...plain, accounts };
  const app = new Hono();
  let address = '';
  const routes = authRoutes({ auths, addressOf: () => address, home: (org) => `/o/${org}` });
  app.route('/', routes);
  const mails = (org: string) =>
    state.as(org, (tx) =>
      tx
        .selectFrom('mail')
        .select(['org', 'id', 'kind', 'recipient', 'body'])
        .where('org', '=', org)
        .orderBy(sql`ctid`)
        .execute(),
    );
  return {
    ...{ test, auths, accounts, service, onRecord, logged, mails },
    browser: (from = '192.0.2.1') =>
      newBrowser((path, init) => {
        address = from;
        return app.request(`${url}${path}`, init);
      }),
    actor: (who, org = 'club') => {
      const headers: Record<string, string> =
        typeof who === 'string' ? { authorization: `Bearer ${who}` } : { cookie: who.cookies() };
      return actorOf(auths, new Request(`${url}/api`, { headers }), org);
    },
    async grant({ email, role, party = null, mayFreeze = false, org = 'club' }) {
      const officer: Actor = {
        ...{ kind: 'staff', id: 'first', org, roles: new Set(['officer']), party: null, mayFreeze: false },
      };
      const input = grantRoleInput.parse({ email, name: 'Somebody', role, party, mayFreeze });
      const answer = await grantRole(service, officer, input);
      if (answer.kind === 'refused') throw new Error(answer.message);
      return answer.value.person;
    },
    async linkTo(recipient, org = 'club') {
      await auths.settled();
      const found = (await mails(org)).filter((mail) => mail.recipient === recipient).at(-1);
      if (found === undefined) return null;
      const body = isSealed(found.body) ? plain.cover.open(ofMail(found), found.body) : found.body;
      return /http:\/\/club\.example(\S+)/.exec(body)?.[1] ?? null;
    },
  };
}

export type Browser = {
  get(path: string): Promise<Response>;
  post(path: string, fields: Readonly<Record<string, string>>): Promise<Response>;
  cookies(): string;
};

function newBrowser(ask: (path: string, init: RequestInit) => Response | Promise<Response>): Browser {
  const jar = new Map<string, string>();
  const cookies = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = { ...init.headers, cookie: cookies(), 'user-agent': 'a browser' };
    const response = await ask(path, { ...init, headers });
    for (const cookie of response.headers.getSetCookie()) keep(cookie);
    return response;
  };
  const keep = (cookie: string): void => {
    const [pair = '', ...attributes] = cookie.split('; ');
    const [name = '', value = ''] = pair.split('=', 2);
    if (attributes.includes('Max-Age=0')) jar.delete(name);
    else jar.set(name, value);
  };
  return {
    cookies,
    get: (path) => send(path, {}),
    post: (path, fields) =>
      send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: url },
        body: new URLSearchParams(fields).toString(),
      }),
  };
}

export const tokenIn = (link: string): string => new URL(link, url).searchParams.get('token') ?? '';

/** The code of an authenticator app, now or of the next half minute: each is good once. */
export async function codeOf(secret: string, steps: -1 | 0 | 1): Promise<string> {
  const left = halfMinute - (Date.now() % halfMinute);
  // Or it would be of the half minute before that by the time it is looked at.
  if (left < 2_000) await setTimeout(left);
  const raw = new TextDecoder().decode(base32.decode(secret));
  return createOTP(raw).hotp(Math.floor(Date.now() / halfMinute) + steps);
}

const halfMinute = 30_000;

export type Enrolled = {
  readonly person: string;
  readonly browser: Browser;
  readonly secret: string;
  readonly spareCodes: readonly string[];
};

/**
 * Somebody who followed their invitation to the end, with the code of the half minute before. On a slow machine that
 * half minute may be over by the time the code is looked at: then with the next.
 */
export async function enrol(people: People, granted: Granted): Promise<Enrolled> {
  const person = await people.grant(granted);
  const browser = people.browser();
  const link = await people.linkTo(granted.email, granted.org);
  await setPassword(browser, link ?? '', password);
  const shown = await signIn(browser, granted.email);
  const { secret, spareCodes } = factorOn(await shown.text());
  for (let tries = 0; tries < 3; tries += 1) {
    const { status } = await browser.post('/auth/staff/set-up', { code: await codeOf(secret, -1) });
    if (status !== 401) return { person, browser, secret, spareCodes };
  }
  throw new RangeError(`no code of ${granted.email} was taken`);
}

export const setPassword = (browser: Browser, link: string, chosen: string): Promise<Response> =>
  browser.post('/auth/staff/set-password', { token: tokenIn(link), password: chosen, again: chosen });

export const signIn = (browser: Browser, email: string, word = password): Promise<Response> =>
  browser.post('/auth/staff/sign-in', { email, password: word });

/** What the page that sets up a second factor shows. */
export function factorOn(shown: string): { readonly secret: string; readonly spareCodes: readonly string[] } {
  return {
    secret: /class="secret">([A-Z2-7]+)</.exec(shown)?.[1] ?? '',
    spareCodes: [...shown.matchAll(/<li><code>([^<]+)<\/code>/g)].map(([, code]) => code ?? ''),
  };
}

/** Writes over what the accounts keep, as if time had passed. */
export const overwrite = (people: People, statement: string): Promise<unknown> =>
  people.test.state.pool.query(statement);
