/** A real browser for tests of pages, from npm alone. */
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as launcher } from 'playwright-core';

/** It is built for Linux; elsewhere the tests that need it say that they did not run. */
export const noBrowser = process.platform !== 'linux';

export const launchBrowser = async (...args: string[]): Promise<Browser> =>
  launcher.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--headless=shell', ...args],
  });
