/** What is keyed at the desk: a letter that is surely somebody's is entered as theirs, and a stop that stays is said to stay. */
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must, steward } from '../../app/flow/flow.fixture.ts';
import { recordPreference, recordPreferenceInput } from '../../app/flow/record-preference.ts';
import type { Actor } from '../../app/flow/service.ts';
import { findPerson, findPersonInput } from '../../app/window/find-person.ts';
import { recordOwn } from '../../app/window/record-own.ts';
import { standingOf } from '../../app/window/standing.ts';
import { type WindowFixture, windowFixture } from '../../app/window/window.fixture.ts';
import { passedOnBy } from '../../app/window/write-passed-on.ts';
import { dayOf } from '../../policy/dates.ts';
import { day } from '../../policy/figures.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { requestRate } from '../rate-limit.ts';
import type { Seen } from '../seen.ts';
import { flowPages } from './all.ts';

// What of the database matters is tested with the use cases.
describe.each(oneDatabase)('on $name', (database) => {
  let club: WindowFixture;
  let app: Hono<Seen>;
  let asker: Actor = steward;
  beforeAll(async () => {
    club = await windowFixture(database);
    const { service } = club;
    app = new Hono<Seen>();
    app.route('/', flowPages({ service, actorOf: async () => asker, rate: requestRate(1_000_000) }));
  }, 180_000);
  afterAll(() => club.drop());

  type Fields = Readonly<Record<string, string>>;
  const home = (): string => `/organisations/${club.org}`;
  async function asked(as: Actor, path: string, form?: Fields) {
    asker = as;
    const response = await app.request(`${club.service.url}${home()}${path}`, {
      headers: { 'Sec-Fetch-Site': 'same-origin' },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    const to = response.headers.get('Location')?.replace(home(), '') ?? '';
    return { status: response.status, text: await response.text(), to };
  }
  type Form = { readonly action: string; readonly button: string; readonly fields: Fields };
  const formsOf = (page: string): readonly Form[] =>
    [...page.matchAll(/<form method="post" action="([^"]*)"[\s\S]*?<\/form>/g)].map(
      ([form, action = '']) => ({
        action: action.replace(home(), ''),
        button: /<button[^>]*>([^<]*)/.exec(form)?.[1] ?? '',
        fields: Object.fromEntries(
          [...form.matchAll(/name="([^"]*)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
            name,
            value,
          ]),
        ),
      }),
    );
  const form = (page: string, button: string): Form => {
    const found = formsOf(page).find((each) => each.button === button);
    if (found === undefined) throw new Error(`no form of the page has the button ${button}`);
    return found;
  };
  const lookUps = () =>
    club.service.state.as(club.org, (tx) =>
      tx.selectFrom('look_up').select(['asked_with', 'found', 'reason']).orderBy('at').execute(),
    );
  const found = async (record: string): Promise<string> => {
    const input = findPersonInput.parse({ reason: 'they rang', record });
    return `/desk/found/${must(await findPerson(club.service, steward, input)).lookUp}/1`;
  };

  const letter = {
    ...{ step: 'check', kind: 'objection', purpose: '', organisation: '', channel: 'post', by: 'letter' },
    ...{ signed: '2026-01-02', received: '2026-01-05' },
  };
  const gwen = { surname: 'Garside', addressLine: '7 Larch Row', postcode: 'zz1 1zz' };

  test('a letter that is surely of somebody is entered as theirs, with what was typed, and is theirs to see', async () => {
    const check = await asked(steward, '/desk/letter', { ...letter, ...gwen });
    expect(check.text).toContain('Gwen Garside');
    expect(await lookUps()).toMatchObject([{ asked_with: ['letter'], found: 1 }]);
    const theirs = form(check.text, 'Enter it for person 1');
    expect(theirs.fields).not.toHaveProperty('surname');
    const again = await asked(steward, theirs.action, theirs.fields);
    expect(again.text).toContain('Record this?');
    for (const said of ['2 January 2026', '5 January 2026', 'by post']) expect(again.text).toContain(said);
    const record = form(again.text, 'Record it');
    const { status, to } = await asked(steward, record.action, record.fields);
    expect([status, to]).toEqual([303, expect.stringContaining('/recorded?receipts=pe-')]);
    const [standing] = await standingOf(club.service, club.member('gwen@people.example'));
    expect(standing?.stops).toMatchObject([{ scope: { contactChannel: 'post' }, on: '2026-01-02' }]);
    const said = await asked(club.member('gwen@people.example'), '/details/said');
    expect(said.text).toContain(standing?.stops[0]?.event);
  });

  test('a letter that is surely of nobody is looked up of nobody, and is recorded as it came', async () => {
    const before = (await lookUps()).length;
    const check = await asked(steward, '/desk/letter', {
      ...letter,
      surname: 'Garside',
      postcode: 'ZZ1 1ZZ',
    });
    expect(check.text).not.toContain('Gwen');
    expect(formsOf(check.text).map(({ button }) => button)).not.toContain('Enter it for person 1');
    expect(await lookUps()).toHaveLength(before);
    const record = form(check.text, 'Record it');
    expect((await asked(steward, record.action, record.fields)).to).toContain('/desk/letter/recorded');
  });

  test('a stop taken back by days that do not take it back is said to stay, before it is recorded and after', async () => {
    const hugo = club.member('hugo@people.example');
    const own = { source: 'members', record: 'M008' };
    const { event } = must(await recordOwn(club.service, hugo, own, { kind: 'objection' }));
    const at = await found('M008');
    const today = dayOf(club.service.now().getTime());
    const days = { by: 'letter', signed: today, received: today };
    const said = { kind: 'lift', lifts: event, ...days, step: 'check' };
    const check = await asked(steward, `${at}/say`, said);
    expect(check.text).toContain('By these days it takes nothing back');
    expect(check.text).not.toContain('It holds from now on');
    const record = form(check.text, 'Record it');
    const { to } = await asked(steward, record.action, record.fields);
    const recorded = await asked(steward, to);
    expect(recorded.text).toContain('By its days it takes nothing back');
    expect(recorded.text).not.toContain('It holds from now on');
    // It stands on the member's first page as well; what they say now, by telephone, takes it back.
    expect((await asked(hugo, '')).text).toContain('You have said stop to everything');
    const phone = { ...said, by: 'phone', signed: '', received: '' };
    const now = await asked(steward, `${at}/say`, phone);
    expect(now.text).toContain('It holds from now on');
    const sent = form(now.text, 'Record it');
    const done = await asked(steward, (await asked(steward, sent.action, sent.fields)).to);
    expect(done.text).toContain('It holds from now on');
    expect((await asked(hugo, '')).text).not.toContain('You have said stop');
  });

  test('a stop that came today at an hour nobody knows is not said to be taken back today', async () => {
    const joel = club.member('joel@people.example');
    const today = dayOf(club.service.now().getTime());
    const said = { source: 'members', kind: 'objection', person: 'M010', by: 'letter' };
    const input = recordPreferenceInput.parse({ ...said, signed: today, received: today });
    const { event } = must(await recordPreference(club.service, steward, input));
    const page = (await asked(joel, '/say/allow')).text;
    const [stop = ''] = [...page.matchAll(/name="stop" value="([^"]*)"/g)].flatMap(([, at]) =>
      at?.includes(event) ? [at] : [],
    );
    const sent = await asked(joel, '/say/allow', { stop, sure: 'yes', lift: 'yes' });
    expect(sent.status).toBe(422);
    expect(sent.text).toContain('it cannot be taken back here yet');
    const [standing] = await standingOf(club.service, joel);
    expect(standing?.stops.map((each) => each.event)).toEqual([event]);
  });

  test('the day by which they must stop is that of the receipt, whenever the page is loaded again', async () => {
    const isla = club.member('isla@people.example');
    const { event } = must(
      await recordOwn(club.service, isla, { source: 'members', record: 'M009' }, { kind: 'objection' }),
    );
    const by = day(passedOnBy(club.service, new Date()));
    const page = async (): Promise<string> => (await asked(isla, `/say/done/stopped?receipts=${event}`)).text;
    expect(await page()).toContain(by);
    club.pass(3);
    expect(await page()).toContain(by);
  });
});
