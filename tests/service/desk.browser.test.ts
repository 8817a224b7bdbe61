import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleOrg } from '../../examples/service.ts';
import { noBrowser } from '../../src/pages/browser.fixture.ts';
import { openWalk, type Walk } from './browser.fixture.ts';

type Person = Readonly<Record<string, string>>;

describe.skipIf(noBrowser)('the desk', () => {
  let walk: Walk;
  let people: readonly Person[];
  beforeAll(async () => {
    walk = await openWalk();
    const file = join(walk.dir, 'organisations', exampleOrg, 'data', 'members.csv');
    const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n');
    people = lines.map((line) =>
      Object.fromEntries(line.split(',').map((cell, i) => [head.split(',')[i] ?? '', cell])),
    );
  }, 180_000);
  afterAll(() => walk.close());

  const main = (page: Page) => page.getByRole('main');
  const says = async (page: Page): Promise<string> => (await main(page).textContent()) ?? '';
  const press = (page: Page, name: string): Promise<void> =>
    main(page).getByRole('button', { name, exact: true }).click();
  const follow = (page: Page, name: string): Promise<void> =>
    main(page).getByRole('link', { name, exact: true }).first().click();

  async function found(given: Readonly<Record<string, string>>, reason: string): Promise<Page> {
    const page = await walk.atClub('steward', '/desk/find');
    await page.getByLabel('Why do you look for them?').fill(reason);
    for (const [label, value] of Object.entries(given))
      await page.getByLabel(label, { exact: true }).fill(value);
    await press(page, 'Find them');
    return page;
  }

  test('finds who is on the telephone, writes down their stop, and prints the receipt', async () => {
    const desk = await walk.atClub('steward', '/desk');
    await walk.look(desk, 'desk');
    await follow(desk, 'Find somebody');
    await walk.look(desk, 'desk-find');
    await press(desk, 'Find them');
    expect(await says(desk)).toContain('Say why you look for them');
    await desk.getByLabel('Why do you look for them?').fill('they rang');
    await desk.getByLabel('Surname', { exact: true }).fill('Smith');
    await press(desk, 'Find them');
    expect(await says(desk)).toContain('at a postcode: give that too');
    await walk.look(desk, 'desk-find-fault');
    const { email = '', surname = '', member = '' } = people.find((each) => each.email !== '') ?? {};
    const page = await found({ 'E-mail address': email }, 'on the telephone');
    expect(await says(page)).toContain(surname);
    await walk.look(page, 'desk-found');
    await follow(page, 'Person 1');
    expect(page.url()).not.toContain(member);
    await walk.look(page, 'desk-person');
    await follow(page, 'Write down what they said');
    await walk.look(page, 'desk-kinds');
    await page.getByLabel(/Stop\s*They do not want/).check();
    await press(page, 'Go on');
    await press(page, 'Go on');
    expect(await says(page)).toContain('Choose how it came');
    await page.getByLabel('By letter').check();
    await press(page, 'Go on');
    expect(await says(page)).toContain('what came by post or e-mail has both days');
    await walk.look(page, 'desk-entry-fault');
    await page.getByLabel('Signed or said on').fill('2026-05-04');
    await page.getByLabel('Received on').fill('2026-05-02');
    await press(page, 'Go on');
    expect(await says(page)).toContain('signed after it was received');
    await page.getByLabel('Signed or said on').fill('2026-05-01');
    await press(page, 'Go on');
    expect(await says(page)).toContain('1 May 2026');
    await walk.look(page, 'desk-check');
    await press(page, 'Record it');
    expect(await says(page)).toContain('It is recorded');
    await walk.look(page, 'desk-recorded');
    const number = await main(page).locator('code').allTextContents();
    await page.reload();
    expect(await main(page).locator('code').allTextContents()).toEqual(number);
    await follow(page, 'The receipt, to print');
    expect(await says(page)).toContain('pe-');
    await walk.look(page, 'desk-receipt');
    for (const each of [desk, page]) await each.close();
  }, 240_000);

  test('opens a request, asks, and ends it, with its clock', async () => {
    const page = await found({ 'Number of their record': people[4]?.member ?? '' }, 'letter of 2 May');
    await follow(page, 'Person 1');
    await follow(page, 'Open a request for them');
    await press(page, 'Go on');
    expect(await says(page)).toContain('Choose what they ask for');
    await page.getByLabel(/A complaint\s*Complaint/).check();
    await page.getByLabel('In their words').fill('You wrote to my mother.');
    await page.getByLabel('By letter').check();
    await page.getByLabel('Received on').fill('2026-05-02');
    await walk.look(page, 'desk-ask');
    await press(page, 'Go on');
    await walk.look(page, 'desk-ask-check');
    await press(page, 'Open it');
    expect(await says(page)).toContain('Overdue since 1 June 2026');
    await walk.look(page, 'desk-case');
    const desk = await walk.atClub('steward', '/desk');
    expect(await says(desk)).toContain('Overdue since 1 June 2026');
    await walk.look(desk, 'desk-work');
    await page.getByText('Say that we have it', { exact: true }).click();
    await press(page, 'Send it').catch(() =>
      main(page).getByRole('button', { name: 'Send it' }).first().click(),
    );
    expect(await says(page)).toContain('Answer without delay');
    await page.getByText('End it', { exact: true }).first().click();
    await press(page, 'End it');
    expect(await says(page)).toContain('Choose how it ends');
    await page.getByLabel('Done', { exact: true }).check();
    await page.getByLabel('What was done, or why not').fill('The address was taken off the list.');
    await press(page, 'End it');
    await walk.look(page, 'desk-case-ended');
    for (const each of [desk, page]) await each.close();
  }, 240_000);

  test('keys a letter of nobody known, and says whose it is', async () => {
    const { surname = '', address = '', postcode = '', member = '' } = people[8] ?? {};
    const page = await walk.atClub('steward', '/desk/letter');
    await walk.look(page, 'desk-letter');
    await page.getByLabel('Postcode').fill(postcode);
    await page.getByLabel(/Stop\s*They do not want/).check();
    await page.getByLabel('By letter').check();
    for (const label of ['Signed or said on', 'Received on']) await page.getByLabel(label).fill('2026-05-02');
    await page.getByLabel('Surname').fill(surname);
    await page.getByLabel('First line of the address').fill(address);
    await press(page, 'Go on');
    expect(await says(page)).toContain('This is surely of somebody who is here');
    await walk.look(page, 'desk-letter-sure');
    await press(page, 'Change it');
    await page.getByLabel('Surname').fill(`${surname.slice(0, 3)}zzz`);
    await press(page, 'Go on');
    await press(page, 'Record it');
    expect(await says(page)).toContain('now waits at the desk');
    await walk.look(page, 'desk-letter-recorded');
    const desk = await walk.atClub('steward', '/desk');
    await walk.look(desk, 'desk-unresolved-list');
    await follow(desk, 'A stop');
    expect(await says(desk)).toContain(member);
    await walk.look(desk, 'desk-unresolved');
    await press(desk, 'Say whose it is');
    expect(await says(desk)).toContain('Tick whose it is, or that it is of nobody here');
    await desk.getByLabel(new RegExp(member)).check();
    await desk.getByLabel('How do you know?').fill('the same hand');
    await press(desk, 'Say whose it is');
    expect(await says(desk)).toContain('It is recorded whose the letter is');
    await walk.look(desk, 'desk-resolved');
    const lists = await walk.atClub('officer', '/desk/look-ups');
    expect(await says(lists)).toContain('letter of 2 May');
    await walk.look(lists, 'desk-look-ups');
    for (const each of [desk, page, lists]) await each.close();
  }, 240_000);
});
