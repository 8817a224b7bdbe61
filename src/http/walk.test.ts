import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { access, type Role } from '../app/flow/access.ts';
import { makeKey } from '../app/flow/make-key.ts';
import type { Actor } from '../app/flow/service.ts';
import { oneDatabase } from '../store/postgres/databases.fixture.ts';
import type { StaffRole } from '../store/postgres/tables.ts';
import { enrol, type People, tokenIn } from './auth/people.fixture.ts';
import { type Place, type PlaceName, places } from './places.ts';
import { openTestServer, type TestServer, type Who } from './server.fixture.ts';

const staffRoles = ['steward', 'officer', 'recipient', 'auditor'] as const satisfies readonly StaffRole[];
const everyPlace = Object.entries(places) as [PlaceName, Place][];

/** Of whoever typed the code of a letter there is no account to call the API with: they have pages alone. */
const ofLetters = Object.entries<readonly Role[]>(access)
  .filter(([, roles]) => roles.every((role) => role === 'letter'))
  .map(([useCase]) => useCase);

test('every use case of the table has a place but those of a letter, and no place has a use case of its own', () => {
  const placed = new Set(everyPlace.map(([, { useCase }]): string => useCase));
  expect([...placed, ...ofLetters].toSorted()).toEqual(Object.keys(access).toSorted());
});

test('no two places are the same', () => {
  const paths = everyPlace.map(([, { method, path }]) => `${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`);
  expect(new Set(paths).size).toBe(paths.length);
});

describe.each(oneDatabase)('on $name', (database) => {
  let server: TestServer;
  const people = new Map<
    string,
    { readonly who: Who; readonly org: string; readonly roles: readonly Role[] }
  >();

  beforeAll(async () => {
    server = await openTestServer(database);
    const { people: given } = server;
    for (const org of ['club', 'choir']) {
      for (const role of staffRoles) await addStaff(given, org, role, false);
      await addStaff(given, org, 'auditor', true);
      people.set(`member of ${org}`, { who: await memberOf(given, org), org, roles: ['member'] });
    }
    people.set('nobody', { who: null, org: '', roles: [] });
    people.set('a key that was made up', { who: { key: 'astold_'.padEnd(64, 'x') }, org: '', roles: [] });
  });
  afterAll(() => server.people.test.drop());

  async function addStaff(given: People, org: string, role: StaffRole, mayFreeze: boolean): Promise<void> {
    const name = mayFreeze ? `freezer of ${org}` : `${role} of ${org}`;
    const roles: readonly Role[] = mayFreeze ? [role, 'freezer'] : [role];
    const email = `${name.replaceAll(' ', '-')}@club.example`;
    const party = role === 'recipient' ? 'acme-toys' : null;
    const granted = { email, role, org, mayFreeze, ...(party === null ? {} : { party }) };
    const { browser, person } = await enrol(given, granted);
    people.set(name, { who: { cookie: browser.cookies() }, org, roles });
    if (role !== 'officer' && role !== 'recipient') return;
    const maker: Actor = { kind: 'staff', id: person, org, roles: new Set([role]), party, mayFreeze: false };
    const made = await makeKey(server.service, maker, { name: 'm', roles: [role], party, days: 30 });
    if (made.kind === 'refused') throw new Error(made.message);
    people.set(`machine of the ${name}`, { who: { key: made.value.secret }, org, roles });
  }

  test.each(everyPlace)('%s is open to those alone whom the table names', async (_, place) => {
    const allowed: readonly Role[] = access[place.useCase];
    const found: string[] = [];
    const expected: string[] = [];
    for (const [name, { who, org, roles }] of people) {
      const code = await codeFor(server, who, place);
      const ours = org === 'club';
      found.push(`${name}: ${outcomeOf(code)}`);
      expected.push(`${name}: ${expectedOf(ours, roles, allowed)}`);
    }
    expect(found).toEqual(expected);
  });

  function expectedOf(ours: boolean, roles: readonly Role[], allowed: readonly Role[]): string {
    if (roles.length === 0) return 'not-signed-in';
    // A member's session is for one organisation: elsewhere they are nobody.
    if (!ours) return roles.includes('member') ? 'not-signed-in' : 'not-found';
    return roles.some((role) => allowed.includes(role)) ? 'let in' : 'not-allowed';
  }
});

/** Shut, or how far it went: nothing that is asked here is valid but lists. */
function outcomeOf(code: string): string {
  const shut = ['not-signed-in', 'not-allowed', 'not-found', 'internal', 'cross-origin', 'route-unknown'];
  return shut.includes(code) ? code : 'let in';
}

/** With ids that nobody was given, and a body that says nothing. */
async function codeFor(server: TestServer, who: Who, place: Place): Promise<string> {
  const path = place.path.replaceAll(/\{[a-z]+\+?\}/g, 'x'.repeat(400));
  const response = await server.ask(
    who,
    place.method.toUpperCase(),
    `/api/organisations/club${path}`,
    place.method === 'get' ? {} : { json: { nothing: true } },
  );
  if (response.ok) return 'done';
  return ((await response.json()) as { code: string }).code;
}

async function memberOf(people: People, org: string): Promise<Who> {
  const email = `member-of-${org}@members.example`;
  people.onRecord.add(`${org} ${email}`);
  const browser = people.browser();
  await browser.post('/auth/members/sign-in', { org, email });
  const link = (await people.linkTo(email, org)) ?? '';
  await browser.post('/auth/members/arrive', { org, token: tokenIn(link) });
  return { cookie: browser.cookies() };
}
