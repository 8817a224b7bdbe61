/** A copy as a PDF that people read: A4, tagged, numbered pages, one font that holds most scripts of Europe. */
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import type { Words } from '../../words/words.ts';
import type { Copied } from './copied.ts';
import { type CopyLine, sectionsOf } from './copy-lines.ts';

type Doc = InstanceType<typeof PDFDocument>;

const require = createRequire(import.meta.url);
const fontPath = (name: string): string => require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);
const margin = 56;

/** What the font cannot write stands as a box with its number, and is named at the end; the JSON copy has all of it. */
export async function pdfOf(words: Words, copied: Copied): Promise<Uint8Array> {
  const { copy, language } = words;
  const title = copy.title(copied.organisation);
  const doc = new PDFDocument({
    ...{ size: 'A4', margin, bufferPages: true, tagged: true, lang: language, displayTitle: true },
    ...{ pdfVersion: '1.7', font: fontPath('DejaVuSans'), info: { Title: title } },
  });
  doc.registerFont('text', fontPath('DejaVuSans'));
  doc.registerFont('bold', fontPath('DejaVuSans-Bold'));
  const bytes = collected(doc);
  const unwritten = new Set<string>();
  const toWrite = (text: string): string => writable(doc, text, unwritten);
  const root = doc.struct('Document');
  doc.addStructure(root);
  const paragraph = (tag: 'H1' | 'H2' | 'P', font: 'text' | 'bold', size: number, text: string): void => {
    const content = toWrite(text);
    root.add(
      doc.struct(tag, {}, () => {
        doc
          .font(font)
          .fontSize(size)
          .text(content, { paragraphGap: size / 2 });
      }),
    );
  };
  paragraph('H1', 'bold', 18, title);
  paragraph('P', 'text', 10, copy.made(copy.instant(copied.made)));
  for (const section of sectionsOf(words, copied)) {
    paragraph('H2', 'bold', 13, section.title);
    if (section.lines.length === 0) paragraph('P', 'text', 10, section.none);
    for (const each of section.lines) paragraph('P', 'text', 10, lineText(copy, each));
  }
  if (unwritten.size > 0) {
    paragraph('H2', 'bold', 13, copy.unwritten.title);
    paragraph('P', 'text', 10, copy.unwritten.text([...unwritten].map(named).join(', ')));
  }
  root.end();
  numberPages(doc, (page, of) => copy.page(title, page, of));
  doc.end();
  return bytes;
}

function lineText(copy: Words['copy'], { what, value, from, when }: CopyLine): string {
  const more = [from, when].filter((text) => text !== '').join('; ');
  return copy.line(what, value === '' ? copy.nothing : value, more);
}

const named = (sign: string): string =>
  `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** The font that is in use now is asked for each sign. */
function writable(doc: Doc, text: string, unwritten: Set<string>): string {
  const { font } = (doc as unknown as { readonly _font: { readonly font: Font } })._font;
  let out = '';
  for (const sign of text.normalize('NFC')) {
    const code = sign.codePointAt(0) ?? 0;
    if (sign === '\n' || (code >= 0x20 && font.hasGlyphForCodePoint(code))) out += sign;
    else if (code < 0x20) out += ' ';
    else {
      unwritten.add(sign);
      out += `[${named(sign)}]`;
    }
  }
  return out;
}
type Font = { hasGlyphForCodePoint(code: number): boolean };

/** Beside what is read: a page's number is none of the content. */
function numberPages(doc: Doc, numbered: (page: number, of: number) => string): void {
  const { start, count } = doc.bufferedPageRange();
  for (let i = 0; i < count; i++) {
    doc.switchToPage(start + i);
    const y = doc.page.height - margin / 1.5;
    // Below the margin another page would begin.
    doc.page.margins.bottom = 0;
    doc.markContent('Artifact', { type: 'Pagination' });
    doc
      .font('text')
      .fontSize(8)
      .text(numbered(i + 1, count), margin, y, { lineBreak: false });
    doc.endMarkedContent();
  }
}

function collected(doc: Doc): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
}
