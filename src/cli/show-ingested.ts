/** What ingest read, and what it could not. */
import type { Ingested } from '../app/gate/ingest.ts';
import { counted, number } from '../policy/figures.ts';
import { printable } from './printable.ts';
import type { Style } from './terminal.ts';

export function showIngested({ sources, lists }: Ingested, style: Style): string {
  const lines: string[] = [];
  for (const { source, snapshot } of sources) {
    const again = snapshot.reused ? ' (unchanged: used again)' : '';
    lines.push(
      style.strong(`${printable(source)}: ${counted(snapshot.records, 'record')}`) + style.soft(again),
    );
    if (snapshot.rejected > 0)
      lines.push(
        style.note(
          `  ! ${counted(snapshot.rejected, 'row')} could not be read: ${snapshot.rejectsFile ?? 'no file of them'}`,
        ),
      );
    if (snapshot.shortRows > 0)
      lines.push(
        style.note(
          `  ! ${counted(snapshot.shortRows, 'row')} with cells missing at the end: they are taken as empty`,
        ),
      );
    if (snapshot.areasConflicting > 0)
      lines.push(
        style.note(
          `  ! ${counted(snapshot.areasConflicting, 'postcode')} in two areas: their area is unknown`,
        ),
      );
    lines.push(
      `  ${counted(snapshot.events, 'preference event')}, ${number(snapshot.eventsUnmatched)} of no record here${snapshot.eventsUnmatchedFile === null ? '' : `: ${snapshot.eventsUnmatchedFile}`}`,
    );
    if (snapshot.shortEvents > 0)
      lines.push(
        style.note(
          `  ! ${counted(snapshot.shortEvents, 'preference event')} with cells missing at the end: they are taken as empty`,
        ),
      );
    if (snapshot.preferencesUnknownColumns.length > 0)
      lines.push(
        style.note(
          `  ! columns of the preference events that are not read: ${snapshot.preferencesUnknownColumns.map((name) => printable(name)).join(', ')}`,
        ),
      );
    if (!snapshot.preferencesReadable)
      lines.push(
        style.bad(
          `  ! the preference events cannot be read in full, and every request is refused until they can: ${printable(snapshot.preferencesCause ?? 'no cause given')}`,
        ),
        ...(snapshot.preferencesRejectsFile === null
          ? []
          : [style.bad(`    ${snapshot.preferencesRejectsFile}`)]),
      );
    for (const folder of snapshot.leftovers)
      lines.push(
        style.note(
          `  ! ${folder} is being written on another machine, or was left by a run there that was stopped: if none runs, remove it`,
        ),
      );
  }
  for (const { list, snapshot } of lists) {
    lines.push(
      `${printable(list)}: ${counted(snapshot.entries, 'entry', 'entries')}${snapshot.reused ? style.soft(' (unchanged: used again)') : ''}`,
    );
    if (!snapshot.readable)
      lines.push(
        style.bad(
          `  ! cannot be read in full: ${printable(snapshot.cause ?? 'no cause given')}; requests that screen it are refused`,
        ),
      );
  }
  return `${lines.join('\n')}\n`;
}
