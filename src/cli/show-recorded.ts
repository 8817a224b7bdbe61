/** What was recorded of somebody, a line each. */
import type { RecordedOf } from '../app/people/recorded-of.ts';
import { moment } from '../policy/figures.ts';
import type { Organisation } from '../policy/model.ts';
import { columns } from './layout.ts';
import { printable } from './printable.ts';
import { aboutText } from './show-receipt.ts';

export function showRecorded({ events, rows }: RecordedOf, register: readonly Organisation[]): string {
  if (events.length + rows.length === 0) return 'Nothing was recorded.\n';
  const lines = [
    ...events.map(({ event, said }) =>
      said === null
        ? [event, 'erased', '', '']
        : [event, said.type, moment(said.received), aboutText(said.type, said.scope, register)],
    ),
    ...rows.map(({ batch, row, kind, received }) => [
      `--batch ${batch} --row ${row}`,
      kind,
      moment(received),
      '',
    ]),
  ];
  return `${columns(
    lines.map((cells) => cells.map(printable)),
    '  ',
  ).join('\n')}\n`;
}
