/** Somebody with a letter in their hand, and no account: from the first page to a receipt that is checked. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleMember, exampleOrg } from '../../examples/service.ts';
import { publishLogs } from '../../src/app/flow/publish-logs.ts';
import { recordPreference, recordPreferenceInput } from '../../src/app/flow/record-preference.ts';
import { noBrowser } from '../../src/pages/browser.fixture.ts';
import { member, openWalk, type Walk } from './browser.fixture.ts';
import { releaseToyOffer } from './toy-offer.fixture.ts';

describe.skipIf(noBrowser)('a letter in the hand, in a browser without JavaScript', () => {
  let walk: Walk;
  let codes: readonly string[];
  beforeAll(async () => {
    walk = await openWalk();
    codes = await releaseToyOffer(walk.ready);
  }, 240_000);
  afterAll(() => walk.close());

  test('the code is typed, the letter explained, the notice read, and stopped; the receipt holds', async () => {
    const [code = ''] = codes;
    const page = await walk.at('nobody', '/');
    await walk.look(page, 'start');
    await page.getByRole('link', { name: /I have a letter/ }).click();
    await walk.look(page, 'letter-form');

    await page
      .getByLabel('Code on the letter')
      .fill(code.replace(/.$/, (last) => (last === '0' ? '1' : '0')));
    await page.getByRole('button', { name: 'Look it up' }).click();
    await walk.look(page, 'letter-mistyped');
    expect(await page.getByRole('alert').textContent()).toContain('not right');
    expect(await page.getByLabel('Code on the letter').getAttribute('aria-describedby')).toContain(
      'code-fault',
    );

    await page.getByLabel('Code on the letter').fill('0000-0000-00000');
    await page.getByRole('button', { name: 'Look it up' }).click();
    await walk.look(page, 'letter-unknown');
    expect(await page.textContent('main')).toContain('Write to the sender');
    await page.getByRole('link', { name: 'Try another code' }).click();

    await page
      .getByLabel('Code on the letter')
      .fill(code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o'));
    await page.getByRole('button', { name: 'Look it up' }).click();
    await walk.look(page, 'letter');
    const facts = (await page.textContent('main')) ?? '';
    for (const said of [
      'Quayside Print Ltd',
      'Acorn Toys Ltd',
      "Poppy Lane Parents' Club",
      'sending you advertising',
    ])
      expect(facts).toContain(said);
    expect(page.url()).not.toContain(code.slice(0, 4));

    await page.getByRole('button', { name: 'Read the whole notice' }).click();
    await walk.look(page, 'letter-notice');
    expect(await page.locator('mark').allTextContents()).toContainEqual(
      expect.stringContaining('offers of toys by post'),
    );
    await page.getByRole('button', { name: 'Back to the letter' }).click();
    await page.getByRole('button', { name: 'Stop this' }).click();
    await walk.look(page, 'letter-stopped');
    expect(await page.getByRole('status').textContent()).toContain('counts from now');

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Save the receipt as a file' }).click(),
    ]);
    const file = join(walk.dir, 'receipt.json');
    await download.saveAs(file);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ token: null, logged: null });
    const square = (await page.locator('code.square').textContent()) ?? '';
    await page.reload();
    expect(await page.locator('code.square').allTextContents()).toEqual([square]);

    await publishLogs(walk.ready.service);
    await page.goto(`${walk.ready.url}/check`);
    await walk.look(page, 'check');
    await page.getByLabel('The file', { exact: true }).setInputFiles(file);
    await page.getByRole('button', { name: 'Check it' }).click();
    await walk.look(page, 'check-holds');
    expect(await page.textContent('h1')).toBe('This receipt holds');
    expect(await page.textContent('main')).toContain('of the public log');
    expect(await page.textContent('main')).toContain('by Acorn Toys Ltd');
    await page.getByRole('link', { name: 'Check another' }).click();
    await page.getByLabel('What is in the file').fill(square);
    await page.getByRole('button', { name: 'Check it' }).click();
    expect(await page.textContent('h1')).toBe('We know this receipt');
    await walk.look(page, 'check-square');
    await page.goto(`${walk.ready.url}/check`);
    await page.getByLabel('What is in the file').fill('Dear Sir or Madam');
    await page.getByRole('button', { name: 'Check it' }).click();
    await walk.look(page, 'check-unreadable');
    await page.goto(`${walk.ready.url}/check`);
    await page.getByLabel('What is in the file').fill(otherSalt(readFileSync(file, 'utf8')));
    await page.getByRole('button', { name: 'Check it' }).click();
    expect(await page.textContent('h1')).toBe('This does not hold');
    await walk.look(page, 'check-fails');

    for (let tries = 0; tries < 20; tries++) await walk.ready.auths.attempts.letter('127.0.0.1');
    await page.goto(`${walk.ready.url}/letter`);
    await page.getByLabel('Code on the letter').fill(code);
    await page.getByRole('button', { name: 'Look it up' }).click();
    expect(await page.textContent('h1')).toBe('Please wait a little');
    await walk.look(page, 'letter-wait');
    await page.goto(`${walk.ready.url}/nothing-here`);
    await walk.look(page, 'problem');
  }, 120_000);

  test('a member reads their receipt on a page, with their own key, and saves it', async () => {
    const { service } = walk.ready;
    const actor = { kind: 'member', id: 'robyn', org: exampleOrg, email: exampleMember } as const;
    const said = recordPreferenceInput.parse({ source: 'members', kind: 'objection' });
    const answer = await recordPreference(service, actor, said);
    if (answer.kind === 'refused') throw new Error(answer.message);
    const page = await walk.atClub(member, `/receipts/${answer.value.event}`);
    await walk.look(page, 'receipt');
    expect(await page.textContent('main')).toContain('Your own key');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Save the receipt as a file' }).click(),
    ]);
    const file = join(walk.dir, 'own.json');
    await download.saveAs(file);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      format: 'astold/receipt/1',
      token: expect.stringMatching(/^[0-9a-f]{32}-/),
    });
  }, 60_000);
});

const otherSalt = (receipt: string): string =>
  receipt.replace(/("salt":\s*")[0-9a-f]{32}/, `$1${'0'.repeat(32)}`);
