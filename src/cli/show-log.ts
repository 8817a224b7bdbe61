/** The log in words: what was checked, what stands, who cosigned. */
import type { LogChecked } from '../app/log-check.ts';
import type { LogPublished } from '../app/log-publish.ts';
import type { LogShown } from '../app/log-show.ts';
import type { Witnessed } from '../log/checkpoint.ts';
import { printable } from './printable.ts';
import type { Style } from './terminal.ts';

const entries = (n: bigint): string => `${n} ${n === 1n ? 'entry' : 'entries'}`;

/** Who saw it, and when by their clocks (E4). */
function witnessLines(witnessed: Witnessed): readonly string[] {
  if (witnessed.by.length === 0) return ['  no witness: its time is by our own clock alone'];
  return witnessed.by.map(
    ({ name, seconds }) =>
      `  cosigned by ${printable(name)}, ${new Date(Number(seconds) * 1000).toISOString()} by its clock`,
  );
}

export function showPublished(found: LogPublished, style: Style): string {
  const { size, root, origin } = found.checkpoint;
  const lines = [
    found.kind === 'unchanged'
      ? `Nothing new: the checkpoint of ${entries(size)} stands.`
      : `Published: ${entries(size)}, ${found.tilesWritten} files written before the checkpoint.`,
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
    `  ${entries(found.entries)} in ${found.bundles} bundles and ${found.tiles} tiles give its root ${found.root}`,
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
    `  ${entries(found.size)}, ${found.pending} of them not published yet`,
    published === null
      ? '  nothing is published; do so: astold log publish'
      : `  published: ${entries(published.size)}, root ${published.root}`,
    ...(published === null ? [] : witnessLines(published.witnessed)),
    ...(published?.witnessed.kind === 'too-few'
      ? [style.note(`  ${published.witnessed.needed} witnesses must cosign: astold log publish asks them`)]
      : []),
    style.soft(`  public key, for whoever checks the log: ${found.vkey}`),
  ];
  return `${lines.join('\n')}\n`;
}
