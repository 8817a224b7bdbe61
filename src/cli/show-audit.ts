/** What an audit found, for people. */
import type { Audit } from '../app/proof/audit.ts';
import type { OpenedChecked } from '../app/proof/sample.ts';
import { counted, number } from '../policy/figures.ts';
import { printable } from './printable.ts';
import type { Style } from './terminal.ts';

export function showAudit(audit: Audit, style: Style): string {
  const of = audit.release === null ? 'a release whose manifest cannot be read' : printable(audit.release);
  const heads: Readonly<Record<Audit['kind'], string>> = {
    consistent: style.good(
      audit.unchecked.length === 0
        ? `consistent: ${of}${marked(audit)}`
        : `consistent, as far as was looked: ${of}${marked(audit)}`,
    ),
    differs: style.bad(`differs: ${of}${marked(audit)}`),
    unsettled: style.bad(`cannot be told: ${of}${marked(audit)}; nothing was found to differ`),
  };
  const lines = [heads[audit.kind]];
  if (audit.counts !== null)
    lines.push(
      `  ${counted(audit.counts.evaluated, 'record')} decided again, ${number(audit.counts.released)} released`,
    );
  for (const each of audit.differences)
    lines.push(style.bad(`  ✗ ${printable(each.where)}: ${printable(each.message)} [${each.code}]`));
  for (const each of audit.checked) lines.push(`  ✓ ${printable(each)}`);
  for (const each of audit.unchecked) lines.push(style.soft(`  - not checked: ${printable(each)}`));
  if (audit.kind === 'consistent')
    lines.push(
      '',
      'The decisions follow from the evidence. Whether that is true of the people, a sample shows: --sample.',
    );
  return `${lines.join('\n')}\n`;
}

const marked = ({ mark }: Audit): string => (mark === null ? '' : `, a ${mark}`);

export function showOpened(
  found: OpenedChecked & { readonly unchecked: readonly string[] },
  style: Style,
): string {
  const lines = [
    `${counted(found.held.length, 'row')} of ${printable(found.release)} ${found.held.length === 1 ? 'holds' : 'hold'} what was committed to at ingest.`,
  ];
  for (const each of found.differing)
    lines.push(style.bad(`  ✗ ${each}: these are not the values that were committed to`));
  for (const each of found.late)
    lines.push(style.bad(`  ✗ ${each}: the release committed to these values, and its ingest did not`));
  for (const each of found.missing ?? []) lines.push(style.bad(`  ✗ ${each}: not opened`));
  if (found.missing === null)
    lines.push(style.bad('  ✗ not checked: whether rows of the sample were kept back: give it with --rows'));
  for (const each of found.unchecked) lines.push(style.soft(`  - not checked: ${printable(each)}`));
  if (found.differing.length + found.late.length + (found.missing?.length ?? 1) === 0)
    lines.push('Hold them against the cards or the web log.');
  return `${lines.join('\n')}\n`;
}
