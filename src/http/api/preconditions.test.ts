import { expect, test } from 'vitest';
import { places } from '../places.ts';
import { HttpProblem } from '../problems.ts';
import { etagOf, isKnown, versionOf } from './preconditions.ts';

const put = places['put-document'];
const remove = places['remove-document'];
const asked = (headers: Record<string, string>): Request => new Request('http://club.example', { headers });
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof HttpProblem) return error.code;
    throw error;
  }
  return 'none';
};

test('the version that is meant is the one of the ETag that was seen', () => {
  const etag = etagOf('{"version":7}', { version: 7 });
  expect(versionOf(asked({ 'If-Match': etag }), remove)).toEqual({ version: 7 });
  expect(versionOf(asked({ 'If-Match': '"7"' }), remove)).toEqual({ version: 7 });
});

test('a new one has the version 0', () => {
  expect(versionOf(asked({ 'If-None-Match': '*' }), put)).toEqual({ version: 0 });
});

test('a change without a precondition is refused', () => {
  expect(codeOf(() => versionOf(asked({}), put))).toBe('precondition-missing');
  expect(codeOf(() => versionOf(asked({}), remove))).toBe('precondition-missing');
});

test.each([
  { 'If-Match': '*' },
  { 'If-Match': '"1", "2"' },
  { 'If-Match': '1' },
  { 'If-Match': 'W/"1"' },
  { 'If-Match': '"one"' },
  { 'If-None-Match': '"1"' },
  { 'If-Match': '"1"', 'If-None-Match': '*' },
])('%j is not understood', (headers) => {
  expect(codeOf(() => versionOf(asked(headers), put))).toBe('precondition-malformed');
});

test('nothing is removed that is new', () => {
  expect(codeOf(() => versionOf(asked({ 'If-None-Match': '*' }), remove))).toBe('precondition-malformed');
});

test('an answer is known by its ETag, in a list and weak as well', () => {
  const etag = etagOf('{}', {});
  expect(isKnown(asked({ 'If-None-Match': `"other", W/${etag}` }), etag)).toBe(true);
  expect(isKnown(asked({ 'If-None-Match': '"other"' }), etag)).toBe(false);
  expect(isKnown(asked({}), etag)).toBe(false);
});
