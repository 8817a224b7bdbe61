import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Outcome } from '../app/gate/outcome.ts';
import { launchBrowser, noBrowser } from './browser.fixture.ts';
import { refusedOutcome, releasedOutcome, shownNotice } from './outcome.fixture.ts';
import { renderReport } from './report.ts';

describe.skipIf(noBrowser)('the report in a browser without JavaScript', () => {
  let browser: Browser;
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'astold-report-'));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = async (outcome: Outcome, width: number): Promise<Page> => {
    const file = join(folder, `${outcome.request.id}.html`);
    await writeFile(file, await renderReport(outcome, [shownNotice]));
    const context = await browser.newContext({ viewport: { width, height: 740 }, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(pathToFileURL(file).href);
    return page;
  };
  /** How far the page can be scrolled sideways; measured from outside, since the page runs no script. */
  const contentWidth = async (page: Page): Promise<number> => {
    const session = await page.context().newCDPSession(page);
    const { cssContentSize } = await session.send('Page.getLayoutMetrics');
    return cssContentSize.width;
  };

  const long = 'x'.repeat(400);
  const unbroken: Outcome = {
    ...refusedOutcome,
    request: { ...refusedOutcome.request, id: 'unbroken', title: long, audience: long, fields: [long] },
    reasons: refusedOutcome.reasons.map((count) => ({ ...count, citation: long, details: [long] })),
  };
  test.each([
    ['refused', refusedOutcome],
    ['released', releasedOutcome],
    ['with words that do not break', unbroken],
  ])('a report %s does not scroll sideways at 360 pixels', async (_, outcome) => {
    const page = await open(outcome, 360);
    expect(await contentWidth(page)).toBeLessThanOrEqual(360);
    await page.context().close();
  });

  test('the measure notices a page that does scroll sideways', async () => {
    const context = await browser.newContext({
      viewport: { width: 360, height: 740 },
      javaScriptEnabled: false,
    });
    const page = await context.newPage();
    await page.setContent(
      '<meta name="viewport" content="width=device-width"><div style="width: 500px">wide</div>',
    );
    expect(await contentWidth(page)).toBeGreaterThan(360);
    await context.close();
  });

  test('the answer, the reasons and the words are there to read', async () => {
    const page = await open(refusedOutcome, 360);
    expect(await page.getByText('Nothing may go: 0 of 1,065,200').first().isVisible()).toBe(true);
    expect(
      await page.getByRole('heading', { name: '1,065,200 were not told of this purpose' }).isVisible(),
    ).toBe(true);
    expect(await page.getByText('we may share your details').first().isVisible()).toBe(true);
    expect(await page.getByText('reconstruction').first().isVisible()).toBe(true);
    await page.context().close();
  });

  test('every bar of the waterfall is as wide as its share', async () => {
    const page = await open(releasedOutcome, 1000);
    const bars = page.locator('ol.steps svg');
    const all = (await bars.first().boundingBox())?.width ?? 0;
    const left = (await page.locator('ol.steps li:last-child rect.left').boundingBox())?.width ?? 0;
    expect(left / all).toBeCloseTo(releasedOutcome.released / releasedOutcome.evaluated, 2);
    await page.context().close();
  });
});
