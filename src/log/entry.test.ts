import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkOpening,
  contentKinds,
  contentText,
  entryOf,
  entryOfOpening,
  type LogContent,
  newSalts,
} from './entry.ts';
import { LogError } from './log-error.ts';

const salt = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const content: LogContent = { kind: 'freeze', at: '2026-02-01T09:00:00Z', party: 'acme-toys' };
const codeOf = (work: () => unknown): string | null => {
  try {
    work();
    return null;
  } catch (error) {
    return error instanceof LogError ? error.code : String(error);
  }
};

describe('a log entry', () => {
  test('is SHA-256 over the prefix, the salt and the canonical content', () => {
    const text = '{"at":"2026-02-01T09:00:00Z","kind":"freeze","party":"acme-toys"}';
    const expected = createHash('sha256').update('astold/entry/1\n').update(salt).update(text).digest();
    expect(entryOf(contentText(content), salt)).toEqual(expected);
    expect(expected.toString('hex')).toBe('73eb072ea40f3d1628ad29d2d4ae16c398ee78c16a9474d9cbad280bfaabe4bc');
  });

  test('has one size and no pattern, whatever it commits to', () => {
    fc.assert(
      fc.property(fc.constantFrom(...contentKinds), fc.jsonValue(), (kind, value) => {
        const [drawn = salt] = newSalts(1);
        const text = contentText({ kind, at: '2026-02-01T09:00:00+01:00', value });
        expect(entryOf(text, drawn).length).toBe(32);
        expect(entryOf(text, drawn)).not.toEqual(entryOf(text, salt));
      }),
    );
  });

  test('is opened by its salt and content, and by no others', () => {
    const opening = { salt: salt.toString('hex'), content };
    const entry = entryOfOpening(opening);
    expect(codeOf(() => checkOpening(entry, opening))).toBeNull();
    expect(codeOf(() => checkOpening(entry, { ...opening, content: { ...content, party: 'acme' } }))).toBe(
      'opening-wrong',
    );
    expect(codeOf(() => checkOpening(entry, { ...opening, salt: 'f'.repeat(32) }))).toBe('opening-wrong');
    expect(codeOf(() => checkOpening(Buffer.alloc(0), opening))).toBe('opening-wrong');
  });

  test('what is no content is refused', () => {
    for (const bad of [
      null,
      'text',
      [content],
      {},
      { ...content, kind: 'gossip' },
      { ...content, at: 'yesterday' },
      { ...content, at: '2026-02-01T09:00:00' },
      { ...content, at: '2026-13-41T09:00:00Z' },
      { ...content, more: undefined },
      { ...content, more: Number.NaN },
      { ...content, more: new Date() },
      { ...content, more: 1n },
      { ...content, more: '\ud800' },
    ])
      expect(codeOf(() => contentText(bad))).toBe('entry-malformed');
    for (const bad of [null, {}, { salt: 'xyz', content }, { salt: 'AB'.repeat(16), content }])
      expect(codeOf(() => entryOfOpening(bad))).toBe('entry-malformed');
    expect(codeOf(() => entryOf(contentText(content), Buffer.alloc(15)))).toBe('entry-malformed');
  });
});
