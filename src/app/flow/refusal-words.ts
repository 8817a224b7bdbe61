/** Why nothing may go, in the words of the report. */
import { number } from '../../policy/figures.ts';
import type { Outcome } from '../gate/outcome.ts';

const mostReasons = 5;

export function refusalWords({ evaluated, reasons }: Outcome): string {
  if (evaluated === 0) return 'nothing may go: the source has no records';
  // What refuses everybody is why there is nothing.
  const most = [...reasons].sort((a, b) => b.records - a.records).slice(0, mostReasons);
  const said = most.map(({ records, plural, details }) => {
    const about = details.length === 0 ? '' : ` (${details.slice(0, 2).join('; ')})`;
    return `${number(records)} ${plural}${about}`;
  });
  return `nothing of ${number(evaluated)} may go: ${said.join('; ')}`;
}
