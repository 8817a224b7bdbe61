/** One record's explanation at the terminal: people's words before codes. */
import type { ExplainedReason, Explanation } from '../app/gate/explain.ts';
import { markSentence } from '../pages/wording.ts';
import { counted, day } from '../policy/figures.ts';
import type { Finding, History } from '../policy/judgement.ts';
import { wrapped } from './layout.ts';
import { printableAll } from './printable.ts';
import type { Style } from './terminal.ts';

/** Many lines, the last ended. */
export function showExplanation(from: Explanation, style: Style, width: number): string {
  const explanation = printableAll(from);
  const mark = markSentence(explanation.mark);
  const lines = [
    ...(mark === null ? [] : [style.note(`[${mark}]`)]),
    headline(explanation, style),
    ...[...explanation.histories].map(([collection, history]) => `  ${collection}: ${historyText(history)}`),
    ...(explanation.histories.size === 0 ? ['  no notice on record'] : []),
    `  The notice is ${explanation.known === 'unknown' ? 'not known' : `known as ${explanation.known}`}; the rules are those of ${day(explanation.day)}.`,
    '',
    ...explanation.reasons.flatMap((reason, i) => reasonLines(reason, i + 1, style, width)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function headline({ record, released, reasons }: Explanation, style: Style): string {
  if (released) return style.strong(`${record} may go: nothing in these rules refuses`);
  return style.strong(`${record} would not go, for ${counted(reasons.length, 'reason')}`);
}

function historyText({ base, later }: History): string {
  const then = later
    .map(
      (l) =>
        `, then ${l.notice} (${l.delivery}${l.on === null ? ', nobody knows when' : ` on ${day(l.on)}`})`,
    )
    .join('');
  switch (base.kind) {
    case 'recorded':
      return `shown ${base.notice}, as recorded${then}`;
    case 'print-code':
      return `signed the form ${base.code}${then}`;
    case 'derived':
      return `came by ${base.collectedBy} on ${day(base.on)}${then}`;
    case 'unknown':
      return `shown nobody knows what${then}`;
  }
}

function reasonLines(
  reason: ExplainedReason,
  position: number,
  style: Style,
  width: number,
): readonly string[] {
  const head = `  ${String(position).padStart(2)}  `;
  const indent = ' '.repeat(head.length);
  const cited =
    reason.label === null ? 'no rule on file' : `${reason.label}: ${reason.citation ?? 'no citation'}`;
  const details = [...new Set(reason.findings.map((finding) => finding.detail))].filter(
    (detail) => detail !== '',
  );
  return [
    ...wrapped(reason.sentence, width, indent).map((line, i) =>
      i === 0 ? head + line.slice(head.length) : line,
    ),
    ...(details.length === 0 ? [] : wrapped(details.join(' · '), width, indent)),
    ...quotesOf(reason.findings).flatMap(({ notice, text, layer }) =>
      wrapped(`"${text}" (${notice ?? 'upstream terms'}, layer ${layer})`, width, indent).map(style.strong),
    ),
    ...wrapped(`[${reason.code} · rule ${reason.rule} · ${cited}]`, width, indent).map(style.soft),
    '',
  ];
}

function quotesOf(findings: readonly Finding[]) {
  const quotes = findings.flatMap((finding) =>
    finding.quotes.map((quote) => ({ ...quote, notice: finding.notice })),
  );
  return quotes.filter(
    (q, i) => quotes.findIndex((other) => other.text === q.text && other.notice === q.notice) === i,
  );
}
