/**
 * From a request to a fetched and countersigned supply, in a browser without JavaScript, as the people of the example
 * club do it. Set ASTOLD_SCREENSHOTS to a folder to keep a picture of each page, at phone and desk width.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium as launcher, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleKeys, exampleMember, exampleOrg, loadExample, people } from '../../examples/service.ts';
import { nothingAsked } from '../../src/app/log/own-log.ts';
import { receive } from '../../src/app/supply/receive.ts';
import { makeMemberOneTimeLink, makeOneTimeLink } from '../../src/http/auth/one-time-link.ts';
import { readConfig } from '../../src/http/config.ts';
import { type Ready, type Serving, serve } from '../../src/http/serve.ts';
import type { StaffRole } from '../../src/store/postgres/tables.ts';

const shots = process.env.ASTOLD_SCREENSHOTS ?? null;

// The browser from npm is built for Linux; elsewhere these tests say that they did not run.
describe.skipIf(process.platform !== 'linux')('the flow in a browser without JavaScript', () => {
  let dir = '';
  let serving: Serving;
  let ready: Ready;
  let browser: Browser;
  const contexts = new Map<StaffRole | 'member', BrowserContext>();

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'astold-walk-'));
    const port = 20_000 + (process.pid % 20_000);
    const config = readConfig({ ASTOLD_DATA: dir, ASTOLD_PORT: String(port), ASTOLD_LOG_LEVEL: 'warn' });
    serving = await serve({
      config,
      onReady: async (given) => {
        ready = given;
        await loadExample(given.service);
      },
    });
    browser = await launcher.launch({
      executablePath: await chromium.executablePath(),
      args: ['--no-sandbox', '--headless=shell'],
    });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await serving.stop(5);
    rmSync(dir, { recursive: true, force: true });
  });

  /** A page of somebody who is signed in, at `path` below the organisation. */
  async function at(who: StaffRole | 'member', path: string): Promise<Page> {
    let context = contexts.get(who);
    if (context === undefined) {
      context = await browser.newContext({
        javaScriptEnabled: false,
        viewport: { width: 1280, height: 800 },
      });
      contexts.set(who, context);
      const first = await context.newPage();
      await first.goto(await linkOf(who));
      // The link asks before it signs in: what looks ahead into mail does not use it up.
      const button = first.getByRole('main').getByRole('button');
      if ((await button.count()) > 0) await button.first().click();
      await first.close();
    }
    const page = await context.newPage();
    const answer = await page.goto(`${ready.url}/organisations/${exampleOrg}${path}`);
    expect(answer?.status(), (await page.textContent('body')) ?? '').toBe(200);
    return page;
  }

  async function linkOf(who: StaffRole | 'member'): Promise<string> {
    if (who === 'member')
      return makeMemberOneTimeLink(ready.auths, { org: exampleOrg, email: exampleMember });
    const found = people.find(({ role }) => role === who);
    if (found === undefined) throw new RangeError(`nobody is ${who}`);
    const { person } = await ready.service.accounts.personOf(found.email, found.name);
    return makeOneTimeLink(ready.auths, { person });
  }

  async function keep(page: Page, name: string): Promise<void> {
    if (shots === null) return;
    mkdirSync(shots, { recursive: true });
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true });
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  }

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
    const steward = await at('steward', '');
    await keep(steward, 'inbox-steward');
    await steward.getByRole('link', { name: 'toy-offer' }).click();
    await keep(steward, 'request');
    await steward.getByRole('button', { name: 'Check it now' }).click();
    await keep(steward, 'check-begun');
    await until(steward, /310 of 1,000 may go|Failed/);
    expect(await steward.textContent('main')).toContain('310 of 1,000 may go');
    await keep(steward, 'check');
    await steward.getByRole('link', { name: 'Read the report' }).click();
    expect(await steward.textContent('h1')).toBe('Toy offer, winter 2026');
    await keep(steward, 'report');

    const officer = await at('officer', '');
    await keep(officer, 'inbox-officer');
    await officer.getByRole('link', { name: 'toy-offer' }).click();
    await officer.getByLabel('Why it is lawful').fill('Each of them was asked, by name, and said yes.');
    await keep(officer, 'decide');
    await officer.getByRole('button', { name: 'Approve' }).click();
    expect(await officer.textContent('main')).toContain('Approved. It can be released now.');

    const again = await at('steward', '/requests/toy-offer');
    await again.getByRole('button', { name: 'Release', exact: true }).click();
    await until(again, /The supply can be fetched|Failed/);
    await keep(again, 'released');
    expect(await again.textContent('main')).toContain('The supply can be fetched');

    const recipient = await at('recipient', '');
    await keep(recipient, 'inbox-recipient');
    await recipient
      .getByRole('link', { name: /toy-offer/ })
      .first()
      .click();
    await until(recipient, /Make a link to fetch it/);
    await recipient.getByRole('button', { name: 'Make a link to fetch it' }).click();
    await keep(recipient, 'link');
    const [download] = await Promise.all([
      recipient.waitForEvent('download'),
      recipient.getByRole('button', { name: 'Fetch the supply now' }).click(),
    ]);
    const zip = join(dir, 'supply.zip');
    await download.saveAs(zip);

    const keys = exampleKeys(ready.service.data);
    const note = await countersignature(zip, keys);
    await recipient.getByText('Countersign: so many rows').click();
    await recipient.getByLabel('The countersignature').fill(note);
    await recipient.getByRole('button', { name: 'Send the countersignature' }).click();
    expect(await recipient.textContent('main')).toContain('The countersignature holds');
    await keep(recipient, 'countersigned');
    await keep(await at('recipient', '/duties'), 'duties');
  }, 240_000);

  async function countersignature(zip: string, keys: string): Promise<string> {
    const out = join(dir, 'received');
    await receive(zip, {
      keyFile: join(keys, 'age.key'),
      signKey: join(keys, 'sign.key'),
      logKey: readFileSync(join(ready.service.data, exampleOrg, 'keys/log.pub'), 'utf8').trim(),
      unverified: false,
      witnesses: nothingAsked,
      root: null,
      out,
    });
    return readFileSync(join(out, 'countersignature.note'), 'utf8');
  }

  test('an auditor reads it all, and freezes; an officer cannot lift that', async () => {
    const auditor = await at('auditor', '/releases');
    await auditor.getByRole('link', { name: /toy-offer/ }).click();
    await auditor.getByRole('link', { name: /The evidence/ }).click();
    expect(await auditor.textContent('main')).toContain('manifest.json');
    await keep(auditor, 'evidence');
    const freezes = await at('auditor', '/freezes');
    await freezes.getByLabel('Why').fill('A complaint is being looked into.');
    await freezes.getByRole('button', { name: 'Freeze now' }).click();
    expect(await freezes.textContent('main')).toContain('Frozen: it holds from now on.');
    await keep(freezes, 'freezes');
    const officer = await at('officer', '/freezes');
    expect(await officer.getByRole('button', { name: 'Lift' }).count()).toBe(0);
    for (const path of ['/people', '/deeds', '/documents', '/duties'])
      await keep(await at('officer', path), path.slice(1));
    await keep(await at('steward', '/documents/agreements/toy-offers-2026.yaml'), 'document');
    await keep(await at('steward', '/requests/new'), 'new-request');
  }, 60_000);

  test('a member stops everything, and holds a receipt', async () => {
    const member = await at('member', '');
    await keep(member, 'member');
    await member.getByRole('button', { name: 'Stop all use of my details' }).click();
    expect(await member.textContent('main')).toContain('Recorded.');
    expect(await member.textContent('main')).toContain('objection');
    await keep(member, 'member-stopped');
  }, 60_000);
});
