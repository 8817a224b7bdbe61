/** What was received, and what the recipient owes from now on. */
import type { Received } from '../app/supply/receive.ts';
import { counted, day, moment } from '../policy/figures.ts';
import { label } from '../policy/vocab.ts';
import { printable } from './printable.ts';

/** `out` as it was typed. */
export function showReceived(received: Received, out: string, countersignature: string): string {
  const { release, supplier, rows, sealedAt, genuine, checked, unchecked, countersigned } = received;
  const lines = [
    `${counted(rows, 'row')} of release ${release} by ${supplier}, sealed on ${moment(sealedAt)}, in ${out}/`,
    genuine
      ? '  Its signature and its place in the log were checked.'
      : '  NOT CHECKED: who made it, and whether the release is in a log.',
    ...checked.map((what) => `  holds        ${what}`),
    ...unchecked.map((what) => `  not checked  ${what}`),
    ...owed(received),
    ...(countersigned ? [`  Send back: ${out}/${countersignature}`] : []),
  ];
  return `${lines.map((line) => /^ */.exec(line)?.[0] + printable(line.trimStart())).join('\n')}\n`;
}

function owed({ terms, supplier }: Received): readonly string[] {
  const { purposes, contactChannels, from, until, deleteBy, informBy, passOnTo } = terms;
  const others = passOnTo.length === 0 ? 'to nobody' : `to ${passOnTo.join(', ')} alone`;
  return [
    `  You may use it for ${purposes.map(label).join(', ')} by ${contactChannels.join(', ')} from ${day(from)} to ${day(until)}, and pass it on ${others}.`,
    `  You owe: deletion by ${day(deleteBy)};${informBy === null ? '' : ` telling people where it came from by ${day(informBy)};`} heeding the stops that ${supplier} sends on. All of it is in terms.jsonld.`,
  ];
}
