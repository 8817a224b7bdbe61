import { expect, test } from 'vitest';
import { pageOfFile, wayBack } from './way-back.ts';

const home = '/organisations/club';

test.each([
  home,
  `${home}/cases/ca-0123456789abcdef`,
  `${home}/say/done/stopped?receipts=pe-0123456789abcdef,pe-0123456789abcdee`,
  `${home}/prove/2026-11-22-toy-offer?record=1`,
])('the way back to %s is kept', (to) => {
  expect(wayBack(home, to)).toBe(to);
});

test.each([
  'https://elsewhere.example/organisations/club',
  '//elsewhere.example/organisations/club',
  '/organisations/clubs/cases',
  '/organisations/club@elsewhere.example',
  '/organisations/club//elsewhere.example',
  '/organisations/club/../choir',
  '/organisations/club/%2e%2e/choir',
  '/organisations/club\\elsewhere.example',
  '/organisations/club\r\nSet-Cookie: a=b',
  `/organisations/club/${'a'.repeat(400)}`,
  '/auth/sign-out',
  '',
  null,
  [home],
])('%j is no way back', (to) => {
  expect(wayBack(home, to)).toBeNull();
});

test.each([
  ['/copy/pdf', '/say/copy'],
  ['/receipts/pe-1.json', '/receipts/pe-1'],
  ['/prove/toys/proof.json', '/prove/toys'],
  ['/prove/toys/manifest.json', '/prove/toys'],
  ['/say/complain', '/say/complain'],
])('who wanted the file %s is led to %s', (file, page) => {
  expect(pageOfFile(`${home}${file}`)).toBe(`${home}${page}`);
});
