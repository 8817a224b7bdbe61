/** `astold.yaml`: whose workspace it is, and whether it is live or a reconstruction (B6). */
import { z } from 'zod';
import type { Instant } from '../policy/model.ts';
import type { Fault } from './fault.ts';
import { id, instant, keyed, orNull, words } from './leaves.ts';
import { parseYaml, type YamlFile } from './parse-yaml.ts';

const schema = keyed({
  organisation: id,
  kind: z.enum(['live', 'reconstruction']),
  clock: orNull(instant),
  rules: words,
});

export type Config = {
  readonly organisation: string;
  readonly kind: 'live' | 'reconstruction';
  /** The fixed clock of a reconstruction; null in a live workspace, which uses the real one. */
  readonly clock: Instant | null;
  /** The pack that comes with the program (`uk`), or a path in the workspace. */
  readonly rules: string;
};

export function parseConfig(
  file: string,
  text: string,
): { yaml: YamlFile; config: Config | null; faults: readonly Fault[] } {
  const { yaml, value, faults } = parseYaml(file, text, schema);
  if (value === null) return { yaml, config: null, faults };
  if (value.kind === 'reconstruction' && value.clock === null) {
    const expected = 'the key clock: the fixed time of a reconstruction, such as 2017-05-05T09:00:00+01:00';
    return {
      yaml,
      config: null,
      faults: [yaml.at([], { code: 'missing-key', expected, found: null, rule: 'B6' })],
    };
  }
  if (value.kind === 'live' && value.clock !== null) {
    const detail = {
      code: 'clock-unexpected',
      expected: 'no clock: a live workspace uses the real time',
      rule: 'B6',
    } as const;
    return { yaml, config: null, faults: [yaml.at(['clock'], detail)] };
  }
  return { yaml, config: value, faults };
}
