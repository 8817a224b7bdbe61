/** A copy as a PDF that people read: A4, tagged, numbered pages, one font that holds most scripts of Europe. */
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import { instant } from '../../policy/figures.ts';
import type { Copied } from './copied.ts';
import { type CopyLine, sectionsOf } from './copy-lines.ts';

type Doc = InstanceType<typeof PDFDocument>;

const require = createRequire(import.meta.url);
const fontPath = (name: string): string => require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);
const margin = 56;

/** What the font cannot write stands as a box with its number, and is named at the end; the JSON copy has all of it. */
export async function pdfOf(copied: Copied): Promise<Uint8Array> {
  const title = `What ${copied.organisation} holds of you`;
  const doc = new PDFDocument({
    ...{ size: 'A4', margin, bufferPages: true, tagged: true, lang: 'en-GB', displayTitle: true },
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
  paragraph('P', 'text', 10, `Made on ${instant(Date.parse(copied.made))}.`);
  for (const section of sectionsOf(copied)) {
    paragraph('H2', 'bold', 13, section.title);
    if (section.lines.length === 0) paragraph('P', 'text', 10, section.none);
    for (const each of section.lines) paragraph('P', 'text', 10, lineText(each));
  }
  if (unwritten.size > 0) {
    paragraph('H2', 'bold', 13, 'What this paper cannot write');
    paragraph('P', 'text', 10, unwrittenText(unwritten));
  }
  root.end();
  numberPages(doc, title);
  doc.end();
  return bytes;
}

function lineText({ what, value, from, when }: CopyLine): string {
  const more = [from, when].filter((text) => text !== '').join('; ');
  return `${what}: ${value === '' ? 'nothing' : value}${more === '' ? '' : ` (${more})`}`;
}

const unwrittenText = (found: ReadonlySet<string>): string =>
  `Its font does not have these signs, which stand as [U+...] above: ${[...found].map(named).join(', ')}. They are written in the JSON copy.`;

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
function numberPages(doc: Doc, title: string): void {
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
      .text(`${title}, page ${i + 1} of ${count}`, margin, y, { lineBreak: false });
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
