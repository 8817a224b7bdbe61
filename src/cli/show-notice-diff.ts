/** What people were newly told between two notice versions, and what was dropped. */
import type {
  ChangedConsent,
  ChangedPromise,
  ChangedStatement,
  ConsentChange,
  NoticeDiff,
} from '../app/workspace/notice-diff.ts';
import { wrapped } from './layout.ts';
import { printableAll } from './printable.ts';
import { quotedLines } from './show-notice.ts';
import type { Style } from './terminal.ts';

export function showDiff(from: NoticeDiff, style: Style, width: number): string {
  const diff = printableAll(from);
  const statements = (title: string, mark: string, changed: readonly ChangedStatement[]) =>
    changed.length === 0 ? [] : [title, ...changed.flatMap((each) => statementLines(each, mark, width)), ''];
  const promises = (title: string, mark: string, changed: readonly ChangedPromise[]) =>
    changed.length === 0
      ? []
      : [
          title,
          ...changed.flatMap((p) => [
            `  ${mark} ${p.statement} (${p.kind})`,
            ...quotedLines(p.quotes, width),
          ]),
          '',
        ];
  const consents = (title: string, mark: string, changed: NoticeDiff['asked']) =>
    changed.length === 0
      ? []
      : [
          title,
          ...changed.flatMap((c) => [`  ${mark} ${c.id} (${c.kind})`, ...quotedLines([c.wording], width)]),
          '',
        ];
  const lines = [
    ...statements(style.good(`Told in ${diff.to} and not in ${diff.from}`), '+', diff.told),
    ...statements(
      style.bad(`Told in ${diff.from} and dropped in ${diff.to}: gone at once (A7)`),
      '-',
      diff.dropped,
    ),
    ...promises(style.good(`Promised in ${diff.to}`), '+', diff.promised),
    ...promises(
      style.note(`No longer promised in ${diff.to}; who was promised it keeps it (A3)`),
      '-',
      diff.unpromised,
    ),
    ...consents(`Consent asked in ${diff.to} and not in ${diff.from}`, '+', diff.asked),
    ...consents(`Consent no longer asked in ${diff.to}`, '-', diff.askedNoMore),
    ...(diff.askedDifferently.length === 0
      ? []
      : [
          `Consent asked differently in ${diff.to}`,
          ...diff.askedDifferently.flatMap((each) => consentLines(each, width)),
          '',
        ]),
  ];
  if (lines.length === 0) return `${diff.from} and ${diff.to} tell, promise and ask the same.\n`;
  const end = diff.told.length === 0 ? [] : ['What is new never covers an earlier record by itself (A7).'];
  return `${[...lines, ...end].join('\n').trimEnd()}\n`;
}

function statementLines(
  { statement, parts }: ChangedStatement,
  mark: string,
  width: number,
): readonly string[] {
  const said = parts.flatMap(({ dimension, terms, unseen, quote }) => {
    const named = terms.map((term) => (unseen.includes(term) ? `${term} (nowhere in the other)` : term));
    return [
      ...wrapped(`${dimension}: ${named.join(', ')}`, width, '    '),
      ...quotedLines([quote], width).map((line) => `  ${line}`),
    ];
  });
  return [`  ${mark} ${statement}`, ...said];
}

function consentLines({ consent, changes }: ChangedConsent, width: number): readonly string[] {
  return [`  ~ ${consent}`, ...changes.flatMap((change) => changeLines(change, width))];
}

function changeLines(change: ConsentChange, width: number): readonly string[] {
  switch (change.part) {
    case 'wording':
      return [
        '    wording before',
        ...quotedLines([change.from], width).map((line) => `  ${line}`),
        '    wording now',
        ...quotedLines([change.to], width).map((line) => `  ${line}`),
      ];
    case 'kind':
      return [`    kind: ${change.from}, now ${change.to}`];
    case 'bundled':
      return [
        change.to ? '    now bundled with something else' : '    no longer bundled with something else',
      ];
    case 'purposes':
    case 'contactChannels':
    case 'controllers': {
      const what = change.part === 'contactChannels' ? 'ways of contact' : change.part;
      const named = (terms: readonly string[]): string => terms.join(', ') || 'none';
      return wrapped(`${what}: ${named(change.from)}; now ${named(change.to)}`, width, '    ');
    }
  }
}
