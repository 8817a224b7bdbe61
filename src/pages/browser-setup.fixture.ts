/** Before all tests: the browser from npm is unpacked once, so that no two workers write the one file at the same time. */
import chromium from '@sparticuz/chromium';

export default async function setup(): Promise<void> {
  if (process.platform === 'linux') await chromium.executablePath();
}
