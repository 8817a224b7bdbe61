/** A member says it once, asks, is answered, and leaves: in a browser without JavaScript. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleOrg } from '../../examples/service.ts';
import { endCase } from '../../src/app/window/end-case.ts';
import { listCases } from '../../src/app/window/list-cases.ts';
import { noBrowser } from '../../src/pages/browser.fixture.ts';
import { member, openWalk, type Walk } from './browser.fixture.ts';

describe.skipIf(noBrowser)('what a member says, in a browser without JavaScript', () => {
  let walk: Walk;
  beforeAll(async () => {
    walk = await openWalk();
  }, 180_000);
  afterAll(() => walk.close());

  const text = async (page: Page): Promise<string> => (await page.textContent('main')) ?? '';
  const press = (page: Page, name: string | RegExp): Promise<void> =>
    page.getByRole('main').getByRole('button', { name }).first().click();

  test('stops one thing, takes back a yes, and takes back a stop only where it was shown', async () => {
    const page = await walk.atClub(member, '/say');
    await walk.look(page, 'say');
    await page.getByRole('link', { name: /Stop one thing/ }).click();
    await walk.look(page, 'say-stop-one');
    await page.getByRole('link', { name: 'One organisation' }).click();
    await press(page, 'Go on');
    expect(await text(page)).toContain('There is a problem');
    await walk.look(page, 'say-stop-one-fault');
    await page.getByLabel('Acorn Toys Ltd').check();
    await press(page, 'Go on');
    await walk.look(page, 'say-stop-one-check');
    await press(page, 'Stop this now');
    expect(await text(page)).toContain('Your receipt');
    await walk.look(page, 'say-stopped');
    expect(page.url()).not.toMatch(/acorn|P0001|mail\.example/i);

    await page.goto(`${walk.ready.url}/organisations/${exampleOrg}/say/allow`);
    await walk.look(page, 'say-allow');
    await press(page, 'Look at it');
    await walk.look(page, 'say-lift');
    await press(page, 'Take it back');
    expect(await text(page)).toContain('Tick the box to say that you take the stop back');
    await page.getByLabel(/I have read this/).check();
    await press(page, 'Take it back');
    expect(await page.textContent('h1')).toBe('The stop is taken back');

    await page.goto(`${walk.ready.url}/organisations/${exampleOrg}/say/withdraw`);
    await walk.look(page, 'say-withdraw');
    await page.getByRole('radio').first().check();
    await press(page, 'Go on');
    await walk.look(page, 'say-withdraw-check');
    await press(page, 'Take it back now');
    expect(await page.textContent('h1')).toBe('Your yes is taken back');
  }, 180_000);

  test('asks for a correction, looks at it once more, and sees by when it is answered', async () => {
    const page = await walk.atClub(member, '/say/correct');
    await walk.look(page, 'say-correct');
    await page
      .getByLabel(/address/i)
      .first()
      .check();
    await press(page, 'Go on');
    await walk.look(page, 'say-correct-value');
    await press(page, 'Go on');
    expect(await text(page)).toContain('That is what is held now');
    await page.getByLabel('What should it say?').fill("20 O'Neil Road, Ωmega");
    await press(page, 'Go on');
    await walk.look(page, 'say-correct-check');
    await press(page, 'Change it');
    expect(await page.getByLabel('What should it say?').inputValue()).toBe("20 O'Neil Road, Ωmega");
    await press(page, 'Go on');
    await press(page, 'Send it');
    expect(await text(page)).toMatch(/We must answer by \d+ \w+ \d{4}\./);
    expect(await page.title()).not.toContain('Neil');
    await walk.look(page, 'case');
    await page.getByRole('link', { name: 'What you asked for' }).click();
    await walk.look(page, 'cases');
  }, 180_000);

  test('complains, and is told of the thirty days', async () => {
    const page = await walk.atClub(member, '/say/complain');
    await press(page, 'Go on');
    expect(await text(page)).toContain('Say what went wrong');
    await walk.look(page, 'say-complain');
    await page.getByLabel('What went wrong?').fill('You wrote to my old address.');
    await press(page, 'Go on');
    await walk.look(page, 'say-complain-check');
    await press(page, 'Send your complaint');
    expect(await text(page)).toContain('We must tell you by');
  }, 120_000);

  test('has a copy at once, in three forms', async () => {
    const page = await walk.atClub(member, '/say/copy');
    await walk.look(page, 'say-copy');
    for (const [name, start] of [
      ['PDF', '%PDF-'],
      ['CSV', '\uFEFF"part"'],
      ['JSON', '{'],
    ] as const) {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: new RegExp(name) }).click(),
      ]);
      expect(readFileSync(await file.path(), 'utf8').startsWith(start), name).toBe(true);
      expect(file.suggestedFilename()).not.toMatch(/robyn|fletcher|P0001/i);
    }
  }, 180_000);

  test('stays out of sight, and takes that back', async () => {
    const page = await walk.atClub(member, '/say/safe');
    await walk.look(page, 'say-safe');
    await press(page, 'Set it now');
    expect(await text(page)).toContain('no name on the screen');
    await page.goto(`${walk.ready.url}/organisations/${exampleOrg}/say/erase`);
    expect(await text(page)).toContain('Record 1');
    expect(await text(page)).not.toContain('Fletcher');
    await page.goto(`${walk.ready.url}/organisations/${exampleOrg}/say/safe`);
    await press(page, 'Take it back');
    expect(await page.textContent('h1')).toBe('It is taken back');
  }, 120_000);

  test('after a loss one touch stops everything, and says no more than that', async () => {
    const page = await walk.atClub(member, '/say');
    await press(page, 'Stop everything, I have had a loss');
    expect(await page.textContent('h1')).toBe('It has stopped');
    expect(await text(page)).not.toMatch(/loss|household/i);
    expect(page.url()).not.toMatch(/loss|home/);
    await page.goto(`${walk.ready.url}/organisations/${exampleOrg}/say/stop`);
    await walk.look(page, 'say-stop');
    await press(page, 'Stop it for my whole home');
    expect(await page.textContent('h1')).toBe('It has stopped');
  }, 120_000);

  test('asks to be erased, with the receipt at once, and is signed out when it is done', async () => {
    const page = await walk.atClub(member, '/say/erase');
    await walk.look(page, 'say-erase');
    await press(page, 'Ask to be erased');
    expect(await text(page)).toContain('Your stop has a receipt');
    await walk.look(page, 'case-erasure');
    const { service } = walk.ready;
    const officer = {
      kind: 'staff',
      id: 'o',
      org: exampleOrg,
      roles: new Set(['officer'] as const),
    } as const;
    const id = page.url().split('/cases/')[1]?.split('?')[0] ?? '';
    const asker = { ...officer, party: null, mayFreeze: false };
    const endOf = (one: string, version: number) =>
      endCase(service, asker, { case: one, version, outcome: 'done', words: 'Done.' });
    // What else they asked for is answered first.
    expect(await endOf(id, 1)).toMatchObject({ kind: 'refused', code: 'wrong-state' });
    const open = await listCases(service, asker, { state: 'open', limit: 50 });
    const others = open.kind === 'done' ? open.value.items.filter((each) => each.case !== id) : [];
    expect(others.map(({ kind }) => kind).sort()).toEqual(['complaint', 'correction']);
    for (const each of others) expect((await endOf(each.case, each.version)).kind).toBe('done');
    expect((await endOf(id, 1)).kind).toBe('done');
    await page.goto(`${walk.ready.url}/organisations/${exampleOrg}/say`);
    expect(page.url()).toContain('/auth/');
  }, 180_000);
});
