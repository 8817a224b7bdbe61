/** A member says stop; those who hold their details are told, answer, and the member sees it: in a browser without JavaScript. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleOrg } from '../../examples/service.ts';
import { recordPreference, recordPreferenceInput } from '../../src/app/flow/record-preference.ts';
import { rootOf } from '../../src/app/flow/workspace-of.ts';
import { passOn } from '../../src/app/window/pass-on.ts';
import { releaseRows } from '../../src/app/window/release-rows.ts';
import { openDuckdb } from '../../src/bulk/engines/duckdb.ts';
import { noBrowser } from '../../src/pages/browser.fixture.ts';
import { dayOf } from '../../src/policy/dates.ts';
import { openWalk, type Visitor, type Walk } from './browser.fixture.ts';
import { releaseToyOffer } from './toy-offer.fixture.ts';

describe.skipIf(noBrowser)('what is passed on, in a browser without JavaScript', () => {
  let walk: Walk;
  let release: string;
  let email: string;
  let member: Visitor;
  beforeAll(async () => {
    walk = await openWalk();
    await releaseToyOffer(walk.ready);
    const made = await walk.ready.service.state.as(exampleOrg, (tx) =>
      tx.selectFrom('release').select('id').executeTakeFirstOrThrow(),
    );
    release = made.id;
    email = await addressInIt();
    member = { member: email };
  }, 240_000);
  afterAll(() => walk.close(), 60_000);

  test('a stop is passed on, answered, and the member sees who has answered', async () => {
    const nobody = await walk.atClub('recipient', '/passed-on');
    expect(await nobody.textContent('main')).toContain('Nothing was passed on.');
    await walk.look(nobody, 'passed-on-none');
    const before = await walk.atClub(member, '/answers');
    expect(await before.textContent('main')).toContain('Nothing was passed on yet');
    await walk.look(before, 'answers-none');

    expect(await stopped()).toBe('done');
    // The worker does it too: whoever is first.
    await passOn(walk.ready.service);

    const list = await walk.atClub('recipient', '/passed-on');
    for (let i = 0; i < 60 && (await list.locator('input[name=task]').count()) === 0; i++) {
      await list.waitForTimeout(500);
      await list.reload();
    }
    await walk.look(list, 'passed-on');
    await list.getByRole('button', { name: 'Send the answer' }).click();
    expect(await list.textContent('main')).toContain('Choose at least one row');
    await walk.look(list, 'passed-on-faults');
    await list.locator('input[name=task]').first().check();
    await list.getByLabel('What have you done?').selectOption({ label: 'We will not do it' });
    await list.getByRole('button', { name: 'Send the answer' }).click();
    expect(await list.textContent('main')).toContain('Say why you will not do it.');
    expect(await list.locator('input[name=task]').first().isChecked()).toBe(true);
    await list.getByLabel('What have you done?').selectOption({ label: 'We have done it' });
    await list.getByRole('button', { name: 'Send the answer' }).click();
    expect(await list.textContent('main')).toContain('The person sees your answer');
    await walk.look(list, 'passed-on-answered');

    const answers = await walk.atClub(member, '/answers');
    const text = (await answers.textContent('main')) ?? '';
    expect(text).toContain('They say they have done it');
    expect(text).toContain('No answer yet. They have until');
    await walk.look(answers, 'answers');

    const own = await walk.atClub(member, '');
    const first = (await own.textContent('main')) ?? '';
    expect(first).toContain('You have said stop to everything, on');
    // Of two who hold the list, the one has answered.
    expect(first).toContain(': they say they have stopped.');
    expect(first).toContain(': they must stop by');
    await walk.look(own, 'details-stopped');
    const one = await walk.atClub(member, `/details/lists/${release}`);
    expect(await one.textContent('main')).toContain('What you have said since, and who was told');
    await walk.look(one, 'details-list-stopped');

    const staff = await walk.atClub('steward', '/passed-on');
    expect(await staff.locator('input[name=task]').count()).toBe(0);
    await walk.look(staff, 'passed-on-steward');
    const told = await walk.atClub('steward', '/passed-on');
    await told.locator('tr', { hasText: 'To do' }).getByRole('link').click();
    await walk.look(told, 'passed-on-party');
    await told.getByRole('button', { name: 'Enter the answer' }).click();
    expect(await told.textContent('main')).toContain('Say how they told you.');
    await walk.look(told, 'passed-on-party-faults');
    await told.locator('input[name=task]').first().check();
    await told.getByLabel('They say they have done it').check();
    await told.getByLabel('By letter').check();
    await told.getByLabel('On which day?').fill(dayOf(Date.now()));
    await told.getByRole('button', { name: 'Enter the answer' }).click();
    expect(await told.textContent('main')).toContain('Entered as they told you by letter on');
    await walk.look(told, 'passed-on-party-entered');
    const since = await walk.atClub(member, '/answers');
    expect(await since.textContent('main')).toContain('They told us so by letter on');
    await walk.look(since, 'answers-told');
    const of = await walk.atClub('steward', `/releases/${release}`);
    const [download] = await Promise.all([
      of.waitForEvent('download'),
      of.getByRole('link', { name: 'Download the file (CSV)' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`delta-${release}.csv`);
  }, 240_000);

  test('who was signed out meanwhile is told that nothing was sent, keeps what they typed, and is led back', async () => {
    const page = await walk.atClub(member, '/say/complain');
    await page.locator('#words').fill('They wrote to me all the same.');
    await page.context().clearCookies();
    await page.getByRole('main').getByRole('button').first().click();
    expect(await page.title()).toMatch(/^Problem: /);
    const said = (await page.textContent('main')) ?? '';
    expect(said).toContain('Nothing was sent, and nothing was recorded.');
    expect(said).toContain('They wrote to me all the same.');
    await walk.look(page, 'signed-out-meanwhile');
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    expect(new URL(page.url()).searchParams.get('to')).toBe(`/organisations/${exampleOrg}/say/complain`);
    expect(await page.locator('#org').inputValue()).toBe(exampleOrg);
  }, 120_000);

  /** Of somebody who is in the release, and shares it with nobody. */
  async function addressInIt(): Promise<string> {
    const { service } = walk.ready;
    const root = rootOf(service, exampleOrg);
    const csv = await readFile(join(root, 'data', 'members.csv'), 'utf8');
    const people = csv.split(/\r?\n/).map((line) => line.split(','));
    const engine = await openDuckdb({ tempDirectory: join(walk.dir, 'duck') });
    try {
      const rows = await releaseRows(root, release, []);
      const codes = await rows.codesOf(
        engine,
        people.map(([id = '']) => id),
      );
      const found = people.find(([id = '', , , , , address = '']) => {
        const alone = people.filter((each) => each[5] === address).length === 1;
        return codes.has(id) && address.includes('@') && alone;
      });
      return found?.[5] ?? '';
    } finally {
      engine.close();
    }
  }

  async function stopped(): Promise<string> {
    const actor = { kind: 'member', id: 'a-member', org: exampleOrg, email } as const;
    const input = recordPreferenceInput.parse({ source: 'members', kind: 'objection' });
    return (await recordPreference(walk.ready.service, actor, input)).kind;
  }
});
