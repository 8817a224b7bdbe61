import { expect, test } from 'vitest';
import type { Scope } from './model.ts';
import {
  scopeCut,
  scopeOfText,
  scopePatterns,
  scopeText,
  unknownInPermission,
  unknownInStop,
} from './scope-word.ts';

const scope: Scope = {
  purpose: 'dpv:DirectMarketing',
  organisation: 'acme-toys',
  contactChannel: 'post',
  field: 'all',
};

test('a scope is one text, and the text that scope again', () => {
  expect(scopeText(scope)).toBe('dpv:DirectMarketing^acme-toys^post^all');
  expect(scopeOfText(scopeText(scope))).toEqual(scope);
});

test('what is between its words stands in none of them', () => {
  for (const [part, pattern] of Object.entries(scopePatterns)) {
    const word = new RegExp(`^(?:${pattern})$`);
    expect(
      word.test(scope[part as keyof Scope]) && !word.test(`${scope[part as keyof Scope]}${scopeCut}`),
    ).toBe(true);
    expect(word.test(scopeCut)).toBe(false);
  }
  expect([unknownInStop, unknownInPermission].join('')).not.toContain(scopeCut);
});

test.each(['', 'null', 'all', 'all^all^all', 'all^all^all^all^all', 'all^^all^all'])('%j is none', (text) => {
  expect(() => scopeOfText(text)).toThrow(TypeError);
});
