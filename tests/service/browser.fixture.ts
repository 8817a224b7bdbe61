/**
 * A server with the example club and a browser without JavaScript, for journeys of whoever meets the service. Set
 * ASTOLD_SCREENSHOTS to a folder to keep a picture of each page, at phone and desk width.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { exampleMember, exampleOrg, loadExample, people } from '../../examples/service.ts';
import { makeMemberOneTimeLink, makeOneTimeLink } from '../../src/http/auth/one-time-link.ts';
import { readConfig } from '../../src/http/config.ts';
import { type Ready, serve } from '../../src/http/serve.ts';
import { launchBrowser } from '../../src/pages/browser.fixture.ts';
import type { StaffRole } from '../../src/store/postgres/tables.ts';

const shots = process.env.ASTOLD_SCREENSHOTS ?? null;
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** `nobody` has no account; a member is named by the address that is on record. */
export type Visitor = StaffRole | 'nobody' | { readonly member: string };
export const member: Visitor = { member: exampleMember };

export type Walk = {
  readonly dir: string;
  readonly ready: Ready;
  /** A page of somebody who is signed in, at a path of the server; the answer must be 200. */
  at(who: Visitor, path: string): Promise<Page>;
  /** The same below the example club. */
  atClub(who: Visitor, path: string): Promise<Page>;
  /** Holds the page against axe and the width of a phone, and keeps a picture of it where one is wanted. */
  look(page: Page, name: string): Promise<void>;
  close(): Promise<void>;
};

export async function openWalk(): Promise<Walk> {
  const dir = mkdtempSync(join(tmpdir(), 'astold-walk-'));
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const config = readConfig({ ASTOLD_DATA: dir, ASTOLD_PORT: String(port), ASTOLD_LOG_LEVEL: 'warn' });
  let given: Ready | null = null;
  const serving = await serve({
    config,
    onReady: async (ready) => {
      given = ready;
      await loadExample(ready.service);
    },
  });
  if (given === null) throw new RangeError('the server said nothing');
  const ready: Ready = given;
  const browser = await launchBrowser();
  const contexts = new Map<string, BrowserContext>();

  async function at(who: Visitor, path: string): Promise<Page> {
    const name = JSON.stringify(who);
    let context = contexts.get(name);
    if (context === undefined) {
      const made = browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 800 } });
      context = await answered(`a context for ${name}`, made);
      contexts.set(name, context);
      if (who !== 'nobody') await signIn(context, who);
    }
    const page = await answered(`a page for ${name}`, context.newPage());
    const answer = await page.goto(`${ready.url}${path}`);
    expect(answer?.status(), (await page.textContent('body')) ?? '').toBe(200);
    return page;
  }

  async function signIn(context: BrowserContext, who: Exclude<Visitor, 'nobody'>): Promise<void> {
    const page = await answered('a page to sign in', context.newPage());
    await page.goto(await answered('a link to sign in', linkOf(who)));
    // The link asks before it signs in: what looks ahead into mail does not use it up.
    const button = page.getByRole('main').getByRole('button');
    if ((await button.count()) > 0) await button.first().click();
    // A page that is closed on its way to another may never say that it is closed.
    await page.waitForURL((url) => !url.pathname.startsWith('/auth/'));
    await answered('the end of the page to sign in', page.close());
  }

  async function linkOf(who: Exclude<Visitor, 'nobody'>): Promise<string> {
    if (typeof who === 'object')
      return makeMemberOneTimeLink(ready.auths, { org: exampleOrg, email: who.member });
    const found = people.find(({ role }) => role === who);
    if (found === undefined) throw new RangeError(`nobody is ${who}`);
    const { person } = await ready.service.accounts.personOf(found.email, found.name);
    return makeOneTimeLink(ready.auths, { person });
  }

  async function look(page: Page, name: string): Promise<void> {
    if (shots !== null) mkdirSync(shots, { recursive: true });
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      const measured = page.evaluate<number>('document.documentElement.scrollWidth');
      const wide = await answered(`the width of ${name}`, measured);
      expect(wide, `${name} is wider than ${width}`).toBeLessThanOrEqual(width);
      if (shots !== null)
        await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true });
    }
    expect(await answered(`axe on ${name}`, seriousIn(browser, page)), name).toEqual([]);
  }

  return {
    dir,
    ready,
    at,
    atClub: (who, path) => at(who, `/organisations/${exampleOrg}${path}`),
    look,
    async close() {
      await browser.close();
      await serving.stop(5);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Playwright waits for some answers of a browser for ever: which one never came is said. */
async function answered<T>(what: string, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = setTimeout(20_000, null, { signal: over.signal }).then(() => {
    throw new RangeError(`no answer: ${what}`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    late.catch(() => {});
    over.abort();
  }
}

/** What axe finds serious or critical: rule and place. It needs scripts, so it is shown a copy of the page that has them. */
async function seriousIn(browser: Browser, page: Page): Promise<readonly string[]> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const copy = await context.newPage();
    const text = await page.content();
    await copy.setContent(text.replace('<head>', `<head><base href="${new URL(page.url()).origin}/">`));
    await copy.evaluate(axeSource);
    const { violations } = await copy.evaluate(() =>
      (globalThis as unknown as { axe: { run(): Promise<axe.AxeResults> } }).axe.run(),
    );
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, html }) => `${id} ${target.join(' ')} ${html.slice(0, 200)}`),
      );
  } finally {
    await context.close();
  }
}
