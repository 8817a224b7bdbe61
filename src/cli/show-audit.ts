/** What an audit found, for people. */
import type { Audit } from '../app/audit.ts';
import type { OpenedChecked } from '../app/sample.ts';
import { counted } from '../pages/wording.ts';
import { printable } from './printable.ts';
import type { Style } from './terminal.ts';

export function showAudit(audit: Audit, style: Style): string {
  const of = audit.release === null ? 'a release whose manifest cannot be read' : printable(audit.release);
  const mark = audit.mark === null ? '' : `, a ${audit.mark}`;
  const head =
    audit.kind === 'consistent' ? style.good(`consistent: ${of}${mark}`) : style.bad(`differs: ${of}${mark}`);
  const lines = [head];
  if (audit.counts !== null)
    lines.push(
      `  ${counted(audit.counts.evaluated, 'record')} decided again, ${audit.counts.released.toLocaleString('en-GB')} released`,
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

export function showOpened(found: OpenedChecked, style: Style): string {
  const lines = [
    `${counted(found.held.length, 'row')} of ${printable(found.release)} hold what was committed to at ingest.`,
  ];
  for (const each of found.differing)
    lines.push(style.bad(`  ✗ ${each}: these are not the values that were committed to`));
  for (const each of found.missing) lines.push(style.bad(`  ✗ ${each}: not opened`));
  if (found.differing.length + found.missing.length === 0)
    lines.push('Hold them against the cards or the web log.');
  return `${lines.join('\n')}\n`;
}
