/** Lint findings at the terminal: where, what, and by which source, one a line where the terminal is wide enough. */
import type { LintReport } from '../app/workspace/lint.ts';
import type { LintFinding } from '../lint/finding.ts';
import { counted } from '../policy/figures.ts';
import { widest, wrapped } from './layout.ts';
import { printable } from './printable.ts';
import type { Style } from './terminal.ts';

/** Many lines, the last ended. Each finding is a question: a person must decide. */
export function showLint({ findings, notices }: LintReport, style: Style, width: number): string {
  const rows = findings.map((finding) => ({
    at: printable(`${finding.file}:${finding.line}:${finding.column}`),
    rule: finding.level === 'note' ? `${finding.rule} (note)` : finding.rule,
    message: printable(finding.message),
    cited: printable(`${finding.label}: ${finding.source}`),
    finding,
  }));
  const at = widest(rows.map((row) => row.at));
  const rule = widest(rows.map((row) => row.rule));
  // Text hangs beside its place where enough of the line is left for it.
  const beside = at + rule + 4;
  const indent = ' '.repeat(width - beside >= 50 ? beside : 4);
  const lines = rows.flatMap((row) => {
    const head = `${row.at.padEnd(at)}  ${row.rule.padEnd(rule)}`;
    const painted = `${row.at.padEnd(at)}  ${paint(row.finding, style)(row.rule.padEnd(rule))}`;
    const [first = '', ...rest] = wrapped(`${row.message} · ${row.cited}`, width, indent);
    return indent.length === beside
      ? [painted + first.slice(head.length), ...rest]
      : [painted.trimEnd(), first, ...rest];
  });
  const faulty = new Set(findings.map((finding) => finding.file)).size;
  const count = `${counted(findings.length, 'finding')} in ${faulty} of ${counted(notices, 'notice')}`;
  const end =
    findings.length === 0
      ? `Nothing found in ${counted(notices, 'notice')}.`
      : `${count}. Each is ambiguous: a person must decide.`;
  return `${[...lines, end].join('\n')}\n`;
}

function paint(finding: LintFinding, style: Style) {
  return finding.level === 'error' ? style.bad : finding.level === 'warning' ? style.note : style.soft;
}
