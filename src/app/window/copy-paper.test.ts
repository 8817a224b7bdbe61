import { expect, test } from 'vitest';
import { english } from '../../words/words.ts';
import { copiedOf, heldOf } from './copied.fixture.ts';
import { type Paragraph, paperOf } from './copy-paper.ts';
import { pdfOf } from './copy-pdf.ts';

const latin = (code: number): boolean => code < 0x2000 || code === 0x25a1;
const texts = (paper: readonly Paragraph[]): readonly string[] => paper.map(({ text }) => text);

test('a name in a script that the paper cannot write is squares, and the paper says where it is read whole', () => {
  const paper = texts(paperOf(english, copiedOf(heldOf([{ value: '王小明' }])), latin));
  const line = paper.find((text) => text.includes('forename'));
  expect(line).toContain('□□□');
  expect(line).toContain(english.copy.unwritten.line);
  const { title, text: why } = english.copy.unwritten;
  const end = paper.slice(paper.indexOf(title));
  expect(end.slice(0, why.length + 1)).toEqual([title, ...why]);
  expect(end.at(-1)).toBe(`${english.copy.parts.held[0]}: forename`);
  expect(paper.join('\n')).not.toMatch(/U\+/);
});

test('a paper that can write every sign says nothing of squares', () => {
  const paper = texts(paperOf(english, copiedOf(heldOf([{ value: "Siân O'Brien Żółć Ελλάς" }])), latin));
  expect(paper.join('\n')).toContain("Siân O'Brien Żółć Ελλάς");
  expect(paper).not.toContain(english.copy.unwritten.title);
  expect(paper.join('\n')).not.toContain('□');
});

test('a paper of any script is written', async () => {
  const pdf = Buffer.from(await pdfOf(english, copiedOf(heldOf([{ value: '\u{1F9F8} 猫 प्रिया' }]))));
  expect(pdf.toString('latin1')).toMatch(/^%PDF-1\.7/);
});
