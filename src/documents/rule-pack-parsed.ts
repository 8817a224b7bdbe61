/**
 * The packs that come with the program, parsed once: `rules/uk.json` is made from `rules/uk.yaml` by `npm run docs`, and
 * used only while it was made from just that text. Parsing the YAML is a tenth of a second of every command.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RulePack } from '../policy/rules.ts';

type Parsed = { readonly source: string; readonly pack: RulePack };

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The pack as parsed from this text; null where nothing was kept, or it was kept of another text. */
export function parsedPack(file: string, text: string): RulePack | null {
  const kept = read(file.replace(/\.yaml$/, '.json'));
  return kept !== null && kept.source === digest(text) ? kept.pack : null;
}

/** What `parsedPack` reads. */
export function parsedPackText(text: string, pack: RulePack): string {
  return `${JSON.stringify({ source: digest(text), pack } satisfies Parsed)}\n`;
}

function read(path: string): Parsed | null {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isParsed(found) ? found : null;
  } catch {
    return null;
  }
}

const isParsed = (found: unknown): found is Parsed =>
  typeof found === 'object' && found !== null && 'source' in found && 'pack' in found;
