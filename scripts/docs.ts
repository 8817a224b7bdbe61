/** Writes the pages that are generated from the code: `npm run docs`; with `--check` it fails where they differ. */
import { readFileSync, writeFileSync } from 'node:fs';
import { reasonsPage } from '../src/policy/reasons-page.ts';

const page = new URL('../docs/reasons.md', import.meta.url);
if (!process.argv.includes('--check')) writeFileSync(page, reasonsPage());
else if (readFileSync(page, 'utf8') !== reasonsPage()) {
  console.error('docs/reasons.md is not what the code says. Run: npm run docs');
  process.exitCode = 1;
}
