import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parseRulePack } from './rule-pack.ts';
import { parsedPack } from './rule-pack-parsed.ts';

const file = fileURLToPath(new URL('../../rules/uk.yaml', import.meta.url));
const text = readFileSync(file, 'utf8');

it('the kept pack is what its YAML says today', () => {
  expect(parsedPack(file, text)).toEqual(parseRulePack('rules/uk.yaml', text).pack);
});

it('a pack kept of another text is not used', () => {
  expect(parsedPack(file, `${text}# changed`)).toBeNull();
  expect(parsedPack('/nowhere/uk.yaml', text)).toBeNull();
});
