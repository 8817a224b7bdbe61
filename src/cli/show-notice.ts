/** One notice version, and which may have been shown on a day. */
import type { ShownNotice } from '../app/workspace/notices.ts';
import { faultLine } from '../documents/fault.ts';
import { day } from '../policy/figures.ts';
import type { Notice, Quote } from '../policy/model.ts';
import { quotesOf } from '../policy/telling.ts';
import { wrapped } from './layout.ts';
import { printable, printableAll } from './printable.ts';
import type { Style } from './terminal.ts';

export function showNotice(from: ShownNotice, style: Style, width: number): string {
  const { id, file, notice, statements, faults } = printableAll(from);
  const lines = [style.strong(`${id}  ${style.soft(file)}`)];
  if (notice) {
    lines.push(
      `  of ${notice.organisation}, ${shownText(notice)}, by ${notice.collectedBy.join(', ')}${notice.printCode === null ? '' : `, printed as ${notice.printCode}`}`,
    );
    lines.push(
      `  collected on ${notice.collectedOn ?? 'nothing stated: counts as consent'}`,
      style.soft(`  digest ${notice.digest}`),
    );
  }
  for (const { id: statement, kind, digest, explicit, signedBy } of statements) {
    lines.push('', `  ${style.strong(statement)} ${kind}`);
    const told = notice?.statements.find((s) => s.id === statement);
    if (told) lines.push(...quotedLines(quotesOf(told), width));
    if (explicit.length > 0) {
      const signed =
        signedBy.length > 0 ? `signed for by ${signedBy.join(', ')}` : 'nobody has signed for it';
      lines.push(
        ...wrapped(`must be told in so many words: ${explicit.join(', ')}; ${signed}`, width, '    '),
      );
    }
    lines.push(style.soft(`    digest to sign: ${digest}`));
  }
  for (const consent of notice?.consents ?? []) {
    lines.push(
      '',
      `  consent ${style.strong(consent.id)} ${consent.kind}${consent.bundled ? ', bundled' : ''}, for ${consent.controllers.join(', ') || 'nobody named'}`,
    );
    lines.push(...quotedLines([consent.wording], width));
  }
  if (faults.length > 0) lines.push('', ...faults.map((fault) => style.bad(printable(faultLine(fault)))));
  return `${lines.join('\n')}\n`;
}

/** The versions that may have been shown; where there are several, only what all of them tell counts (A6). */
export function showAt(notices: readonly Notice[], style: Style): string {
  if (notices.length === 0)
    return 'No version on file may have been shown: records of that day and channel have no notice, and are refused.\n';
  const lines = notices.map(
    (notice) =>
      `${style.strong(printable(notice.id))}  ${printable(notice.organisation)}, ${shownText(notice)}`,
  );
  if (notices.length > 1)
    lines.push(
      'Where nothing says which, only what all of these tell counts, and what any of them promises binds (A6).',
    );
  return `${lines.join('\n')}\n`;
}

function shownText({ shown }: Notice): string {
  return `shown from ${day(shown.from)}${shown.until === null ? ', withdrawal not recorded' : ` until ${day(shown.until)}`}`;
}

export function quotedLines(quotes: readonly Quote[], width: number): readonly string[] {
  return quotes.flatMap((quote) => wrapped(`"${quote.text}" (layer ${quote.layer})`, width, '    '));
}
