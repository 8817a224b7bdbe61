/** A copy as a PDF that people read: A4, tagged, numbered pages, one font that holds most scripts of Europe (`copy-paper.ts`: of the others). */
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import type { Words } from '../../words/words.ts';
import type { Copied } from './copied.ts';
import { paperOf } from './copy-paper.ts';

type Doc = InstanceType<typeof PDFDocument>;

const require = createRequire(import.meta.url);
const fontPath = (name: string): string => require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);
const margin = 56;

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
  const fonts = [fontOf(doc.font('bold')), fontOf(doc.font('text'))];
  const root = doc.struct('Document');
  doc.addStructure(root);
  for (const { tag, text } of paperOf(words, copied, (code) =>
    fonts.every((font) => font.hasGlyphForCodePoint(code)),
  ))
    root.add(
      doc.struct(tag, {}, () => {
        doc
          .font(tag === 'P' ? 'text' : 'bold')
          .fontSize(sizes[tag])
          .text(text, { paragraphGap: sizes[tag] / 2 });
      }),
    );
  root.end();
  numberPages(doc, (page, of) => copy.page(title, page, of));
  doc.end();
  return bytes;
}

const sizes = { H1: 18, H2: 13, P: 10 } as const;

type Font = { hasGlyphForCodePoint(code: number): boolean };

/** The one in use. */
const fontOf = (doc: Doc): Font => (doc as unknown as { readonly _font: { readonly font: Font } })._font.font;

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
