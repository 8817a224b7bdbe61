import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, noBrowser } from '../../pages/browser.fixture.ts';
import { databases } from '../../store/postgres/databases.fixture.ts';
import { type Listening, listen } from '../listen.ts';
import { openTestServer, type TestServer } from '../server.fixture.ts';
import { codeOf, password, url } from './people.fixture.ts';

const [database] = databases;

describe.skipIf(noBrowser || database === undefined)('signing in with a browser that runs no script', () => {
  let server: TestServer;
  let listening: Listening;
  let browser: Browser;
  const complaints: string[] = [];
  beforeAll(async () => {
    if (database === undefined) return;
    server = await openTestServer(database);
    listening = await listen(server.app, { host: '127.0.0.1', port: 0 });
    browser = await launchBrowser(`--host-resolver-rules=MAP club.example 127.0.0.1:${listening.port}`);
  });
  afterAll(async () => {
    await browser.close();
    await listening.stop(1);
    await server.people.auths.settled();
    await server.people.test.drop();
  });

  const openPage = async (): Promise<Page> => {
    const context = await browser.newContext({
      viewport: { width: 360, height: 740 },
      javaScriptEnabled: false,
    });
    const page = await context.newPage();
    // What the policy forbids is told on the console.
    page.on('console', (message) => complaints.push(message.text()));
    return page;
  };
  /** It fits a phone, has its style, and one heading. */
  const looksRight = async (page: Page): Promise<void> => {
    const session = await page.context().newCDPSession(page);
    const { cssContentSize } = await session.send('Page.getLayoutMetrics');
    expect(cssContentSize.width, page.url()).toBeLessThanOrEqual(360);
    expect(await page.locator('h1').count()).toBe(1);
    // Without its stylesheet a page has a margin.
    expect((await page.locator('header').boundingBox())?.x).toBe(0);
  };
  /** Kept where pictures are asked for, as those of the journeys are. */
  const keep = async (page: Page, name: string): Promise<void> => {
    const folder = process.env.ASTOLD_SCREENSHOTS;
    if (folder === undefined) return;
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true });
    }
    await page.setViewportSize({ width: 360, height: 740 });
  };
  const press = async (page: Page, name: string): Promise<void> => {
    await page.getByRole('button', { name, exact: true }).click();
  };

  it('takes staff from their invitation to their organisation, and out again', async () => {
    const { people } = server;
    const email = 'ada@club.example';
    await people.grant({ email, role: 'officer' });
    const page = await openPage();
    await page.goto(`${url}${await people.linkTo(email)}`);
    await looksRight(page);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByLabel('The same again').fill(password);
    await press(page, 'Set it');
    expect(await page.getByRole('status').textContent()).toContain('Your password is set');

    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password', { exact: true }).fill('not this one at all');
    await press(page, 'Continue');
    expect(await page.getByRole('alert').textContent()).toContain('not right');
    await looksRight(page);
    expect(await page.getByLabel('E-mail address').inputValue()).toBe(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await press(page, 'Continue');
    await looksRight(page);
    expect(await page.getByRole('img').locator('svg').count()).toBe(1);
    await keep(page, 'staff-set-up');
    const secret = (await page.locator('.secret').textContent()) ?? '';
    await page.getByLabel('Code the app shows').fill(await codeOf(secret, -1));
    await press(page, 'Finish');
    expect(page.url()).toBe(`${url}/o/club`);

    await page.goto(`${url}/auth/staff/sessions`);
    await looksRight(page);
    await press(page, 'Sign out');
    expect(page.url()).toBe(`${url}/auth/signed-out`);
    await page.goto(`${url}/organisations`);
    expect(page.url()).toBe(`${url}/auth/staff/sign-in`);

    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await press(page, 'Continue');
    await looksRight(page);
    await page.getByLabel('Code').fill(await codeOf(secret, 0));
    await press(page, 'Sign in');
    expect(page.url()).toBe(`${url}/o/club`);
    await page.context().close();
  });

  it('takes a member from their address by a mailed link to what is held of them', async () => {
    const { people } = server;
    const email = 'ann@home.example';
    people.onRecord.add(`club ${email}`);
    const page = await openPage();
    await page.goto(`${url}/auth/members/sign-in`);
    await looksRight(page);
    await page.getByLabel('Organisation').selectOption('The Example Club');
    await page.getByLabel('E-mail address').fill(email);
    await press(page, 'Send me a link');
    await looksRight(page);
    expect(await page.getByRole('heading').textContent()).toBe('Look into your mail');
    await page.goto(`${url}${await people.linkTo(email)}`);
    await looksRight(page);
    await press(page, 'Sign in');
    expect(page.url()).toBe(`${url}/o/club`);
    await page.context().close();
  });

  it('is not done from another site', async () => {
    const answer = await server.app.request(`${url}/auth/staff/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://elsewhere.example' },
      body: new URLSearchParams({ email: 'ada@club.example', password }).toString(),
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('breaks nothing of the policy', () =>
    expect(complaints.filter((text) => /content security policy/i.test(text))).toEqual([]));
});
