/** No name on the screen, of who stays out of sight: not the new one either, on their own screen or at the desk. */
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must, steward } from '../../app/flow/flow.fixture.ts';
import type { Actor } from '../../app/flow/service.ts';
import { findPerson, findPersonInput } from '../../app/window/find-person.ts';
import { setSafeContact } from '../../app/window/safe-contact.ts';
import { type WindowFixture, windowFixture } from '../../app/window/window.fixture.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { english } from '../../words/words.ts';
import { failHandler } from '../fail.ts';
import { requestRate } from '../rate-limit.ts';
import type { Seen } from '../seen.ts';
import { flowPages } from './all.ts';

const base = 'https://club.example';
const dots = '•••';
/** What of a page stands on the screen: a hidden field does not, and a field is what is typed. */
const onScreen = (page: string): string => page.replaceAll(/<input[^>]*>/g, '');

// What of the database matters is tested with the use cases.
describe.each(oneDatabase)('on $name', (database) => {
  let club: WindowFixture;
  let app: Hono<Seen>;
  let asker: Actor;
  beforeAll(async () => {
    club = await windowFixture(database);
    app = new Hono<Seen>();
    app.onError(failHandler(base));
    const actorOf = async () => asker;
    app.route('/', flowPages({ service: club.service, actorOf, rate: requestRate(1_000_000) }));
    const of = { source: 'members', person: 'M002', safe: true };
    must(await setSafeContact(club.service, steward, of));
  }, 180_000);
  afterAll(() => club.drop());

  async function asked(path: string, fields?: Readonly<Record<string, string>>) {
    const init = fields === undefined ? {} : { method: 'POST', body: new URLSearchParams(fields) };
    const answer = await app.request(`${base}/organisations/${club.org}${path}`, init);
    return { to: answer.headers.get('Location') ?? '', page: await answer.text() };
  }

  test('a member who corrects it sees it in its field alone, and on no page of the request', async () => {
    asker = club.member('ben@people.example');
    const form = { record: '1', field: 'surname', value: 'Newname' };
    const check = await asked('/say/correct', form);
    expect(check.page).toContain(dots);
    expect(check.page).toContain('value="Newname"');
    expect(onScreen(check.page)).not.toContain('Newname');
    expect((await asked('/say/correct', { ...form, sure: 'no' })).page).toContain('value="Newname"');
    const { to } = await asked('/say/correct', { ...form, sure: 'yes' });
    const path = to.replace(`/organisations/${club.org}`, '');
    const { page } = await asked(path);
    expect(page).not.toContain('Newname');
    expect(page).toContain(english.cases.one.correction('Surname', null));
    // What is no name is read as it was typed.
    const address = await asked('/say/correct', { ...form, field: 'address', value: '9 Far Lane' });
    expect(onScreen(address.page)).toContain('9 Far Lane');
  });

  test('a clerk who keys it sees it in its field alone', async () => {
    asker = steward;
    const wanted = findPersonInput.parse({ reason: 'they rang', record: 'M002' });
    const { lookUp } = must(await findPerson(club.service, steward, wanted));
    const keyed = { kind: 'correction', by: 'phone', received: '2026-01-05', words: '', step: 'check' };
    const path = `/desk/found/${lookUp}/1/ask`;
    const check = await asked(path, { ...keyed, field: 'surname', value: 'Newname' });
    expect(check.page).toContain(dots);
    expect(onScreen(check.page)).not.toContain('Newname');
    const address = await asked(path, { ...keyed, field: 'address', value: '9 Far Lane' });
    expect(onScreen(address.page)).toContain('9 Far Lane');
  });
});
