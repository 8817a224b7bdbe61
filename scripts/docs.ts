/** Writes what is generated from the code and the rules: `npm run docs`; with `--check` it fails where they differ. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseRulePack } from '../src/documents/rule-pack.ts';
import { parsedPackText } from '../src/documents/rule-pack-parsed.ts';
import { reasonsPage } from '../src/policy/reasons-page.ts';

const rules = readFileSync(new URL('../rules/uk.yaml', import.meta.url), 'utf8');
const { pack, faults } = parseRulePack('rules/uk.yaml', rules);
if (pack === null) throw new Error(`rules/uk.yaml: ${faults.length} faults; astold rules shows them`);

const made = { '../docs/reasons.md': reasonsPage(), '../rules/uk.json': parsedPackText(rules, pack) };
for (const [path, text] of Object.entries(made)) {
  const file = new URL(path, import.meta.url);
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.error(`${path.slice(3)} is not what the code says. Run: npm run docs`);
    process.exitCode = 1;
  }
}
