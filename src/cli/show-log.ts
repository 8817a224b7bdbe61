/** The log in words: what was checked, what stands, who cosigned. */
import type { LogChecked } from '../app/log/log-check.ts';
import type { LogPublished } from '../app/log/log-publish.ts';
import type { LogShown } from '../app/log/log-show.ts';
import type { Witnessed } from '../log/checkpoint.ts';
import { counted, instant, number } from '../policy/figures.ts';
import { printable } from './printable.ts';
import type { Style } from './terminal.ts';

const entries = (n: bigint): string => counted(n, 'entry', 'entries');

/** Who saw it, and when by their clocks (E4). */
function witnessLines(witnessed: Witnessed): readonly string[] {
  if (witnessed.by.length === 0) return ['  no witness: its time is by our own clock alone'];
  return witnessed.by.map(
    ({ name, seconds }) =>
      `  cosigned by ${printable(name)}, ${instant(Number(seconds) * 1000)} by its clock`,
  );
}

export function showPublished(found: LogPublished, style: Style): string {
  const { size, root, origin } = found.checkpoint;
  const lines = [
    size === 0n
      ? 'Nothing is in the log yet: its checkpoint is of no entries.'
      : found.kind === 'unchanged'
        ? `Nothing new: the checkpoint of ${entries(size)} stands.`
        : `Published: ${entries(size)}, ${counted(found.tilesWritten, 'file')} written before the checkpoint.`,
    style.soft(`  ${printable(origin)}, root ${root.toString('hex')}`),
    ...witnessLines(found.witnessed),
    ...found.outcomes.flatMap((outcome) =>
      outcome.kind === 'wanting'
        ? [style.note(`  wanting: ${printable(outcome.name)}, ${printable(outcome.why)}`)]
        : [],
    ),
  ];
  return `${lines.join('\n')}\n`;
}

export function showChecked(found: LogChecked, style: Style): string {
  const lines = [
    `${style.good('The log is whole.')} ${printable(found.origin)}, key ${found.keyId}`,
    `  the checkpoint is signed by that key`,
    `  ${entries(found.entries)} in ${counted(found.bundles, 'bundle')} and ${counted(found.tiles, 'tile')} give its root ${found.root}`,
    ...witnessLines(found.witnessed),
    found.grownFrom === null
      ? '  no earlier checkpoint was given: that it never shrank or forked was not checked'
      : `  it grew from the checkpoint of ${entries(found.grownFrom)} that was given`,
  ];
  return `${lines.join('\n')}\n`;
}

export function showLogState(found: LogShown, style: Style): string {
  const { published } = found;
  const lines = [
    style.strong(printable(found.origin)),
    found.size === 0n
      ? '  nothing is in it yet'
      : `  ${entries(found.size)}, ${number(found.pending)} of them not published yet`,
    published === null
      ? found.size === 0n
        ? '  nothing is published: the first release does so, or astold log publish'
        : '  nothing is published; do so: astold log publish'
      : `  published: ${entries(published.size)}, root ${published.root}`,
    ...(published === null ? [] : witnessLines(published.witnessed)),
    ...(published?.witnessed.kind === 'too-few'
      ? [
          style.note(
            `  ${counted(published.witnessed.needed, 'witness', 'witnesses')} must cosign: astold log publish asks them`,
          ),
        ]
      : []),
    style.soft(`  public key, for whoever checks the log: ${found.vkey}`),
  ];
  return `${lines.join('\n')}\n`;
}
