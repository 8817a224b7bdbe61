/** What someone is said to have signed on a day yet to come: it does not count (A4, A6, B8). */
import type { CivilDate } from '../policy/model.ts';
import type { Fault } from './fault.ts';
import type { YamlFile } from './parse-yaml.ts';

/** The fault of a document whose day `on` is after the real one. */
export function futureFaults(
  yaml: YamlFile,
  on: CivilDate,
  today: CivilDate,
  rule: 'A4' | 'A6' | 'B8',
): readonly Fault[] {
  if (on <= today) return [];
  const expected = `the day it was signed: not after today, ${today}`;
  return [yaml.at(['on'], { code: 'date-in-future', expected, rule })];
}
