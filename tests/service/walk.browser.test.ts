/** From a request to a fetched and countersigned supply, in a browser without JavaScript, as the people of the example club do it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleKeys, exampleOrg } from '../../examples/service.ts';
import { nothingAsked } from '../../src/app/log/own-log.ts';
import { receive } from '../../src/app/supply/receive.ts';
import { noBrowser } from '../../src/pages/browser.fixture.ts';
import { openWalk, type Walk } from './browser.fixture.ts';

describe.skipIf(noBrowser)('the flow in a browser without JavaScript', () => {
  let walk: Walk;
  beforeAll(async () => {
    walk = await openWalk();
  }, 120_000);
  afterAll(() => walk.close());

  /** Looks again as the page itself does, until it says so. */
  async function until(page: Page, text: RegExp): Promise<void> {
    for (let i = 0; i < 120; i++) {
      if (text.test((await page.textContent('main')) ?? '')) return;
      await page.waitForTimeout(500);
      await page.reload();
    }
    expect(await page.textContent('main')).toMatch(text);
  }

  test('a request is checked, approved, released, fetched, and countersigned', async () => {
    const steward = await walk.atClub('steward', '');
    await walk.look(steward, 'inbox-steward');
    await steward.getByRole('link', { name: 'toy-offer' }).click();
    await walk.look(steward, 'request');
    await steward.getByRole('button', { name: 'Check it now' }).click();
    await walk.look(steward, 'check-begun');
    await until(steward, /310 of 1,000 may go|Failed/);
    expect(await steward.textContent('main')).toContain('310 of 1,000 may go');
    await walk.look(steward, 'check');
    await steward.getByRole('link', { name: 'Read the report' }).click();
    expect(await steward.textContent('h1')).toBe('Toy offer, winter 2026');
    await walk.look(steward, 'report');

    const officer = await walk.atClub('officer', '');
    await walk.look(officer, 'inbox-officer');
    await officer.getByRole('link', { name: 'toy-offer' }).click();
    await officer.getByLabel('Why it is lawful').fill('Each of them was asked, by name, and said yes.');
    await walk.look(officer, 'decide');
    await officer.getByRole('button', { name: 'Approve' }).click();
    expect(await officer.textContent('main')).toContain('Approved. It can be released now.');

    const again = await walk.atClub('steward', '/requests/toy-offer');
    await again.getByRole('button', { name: 'Release', exact: true }).click();
    await until(again, /The supply can be fetched|Failed/);
    await walk.look(again, 'released');
    expect(await again.textContent('main')).toContain('The supply can be fetched');

    const recipient = await walk.atClub('recipient', '');
    await walk.look(recipient, 'inbox-recipient');
    await recipient
      .getByRole('link', { name: /toy-offer/ })
      .first()
      .click();
    await until(recipient, /Make a link to fetch it/);
    await recipient.getByRole('button', { name: 'Make a link to fetch it' }).click();
    await walk.look(recipient, 'link');
    const [download] = await Promise.all([
      recipient.waitForEvent('download'),
      recipient.getByRole('button', { name: 'Fetch the supply now' }).click(),
    ]);
    const zip = join(walk.dir, 'supply.zip');
    await download.saveAs(zip);

    const keys = exampleKeys(walk.ready.service.data);
    const note = await countersignature(zip, keys);
    await recipient.getByText('Countersign: so many rows').click();
    await recipient.getByLabel('The countersignature').fill(note);
    await recipient.getByRole('button', { name: 'Send the countersignature' }).click();
    expect(await recipient.textContent('main')).toContain('The countersignature holds');
    await walk.look(recipient, 'countersigned');
    await walk.look(await walk.atClub('recipient', '/duties'), 'duties');
  }, 240_000);

  async function countersignature(zip: string, keys: string): Promise<string> {
    const out = join(walk.dir, 'received');
    await receive(zip, {
      keyFile: join(keys, 'age.key'),
      signKey: join(keys, 'sign.key'),
      logKey: readFileSync(join(walk.ready.service.data, exampleOrg, 'keys/log.pub'), 'utf8').trim(),
      unverified: false,
      witnesses: nothingAsked,
      root: null,
      out,
    });
    return readFileSync(join(out, 'countersignature.note'), 'utf8');
  }

  test('an auditor reads it all, and freezes; an officer cannot lift that', async () => {
    const auditor = await walk.atClub('auditor', '/releases');
    await auditor.getByRole('link', { name: /toy-offer/ }).click();
    await auditor.getByRole('link', { name: /The evidence/ }).click();
    expect(await auditor.textContent('main')).toContain('manifest.json');
    await walk.look(auditor, 'evidence');
    const freezes = await walk.atClub('auditor', '/freezes');
    await freezes.getByLabel('Why').fill('A complaint is being looked into.');
    await freezes.getByRole('button', { name: 'Freeze now' }).click();
    expect(await freezes.textContent('main')).toContain('Frozen: it holds from now on.');
    await walk.look(freezes, 'freezes');
    const officer = await walk.atClub('officer', '/freezes');
    expect(await officer.getByRole('button', { name: 'Lift' }).count()).toBe(0);
    for (const path of ['/people', '/deeds', '/documents', '/duties'])
      await walk.look(await walk.atClub('officer', path), path.slice(1));
    await walk.look(await walk.atClub('steward', '/documents/agreements/toy-offers-2026.yaml'), 'document');
    await walk.look(await walk.atClub('steward', '/requests/new'), 'new-request');
  }, 60_000);
});
