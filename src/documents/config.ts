/** `astold.yaml`: whose workspace it is, and whether it is live or a reconstruction (B6). */
import { z } from 'zod';
import { parseVkey } from '../log/keys.ts';
import { LogError } from '../log/log-error.ts';
import type { Instant, Period } from '../policy/model.ts';
import type { Fault } from './fault.ts';
import { id, instant, keyed, listOrNone, orNull, period, words } from './leaves.ts';
import { parseYaml, type YamlFile } from './parse-yaml.ts';

const schema = keyed({
  organisation: id,
  kind: z.enum(['live', 'reconstruction']),
  clock: orNull(instant),
  rules: words,
  witnesses: listOrNone(keyed({ name: words, url: words, key: words })),
  'witness-policy': orNull(z.int().min(0)),
  'evidence-kept': orNull(period),
});

/** Who cosigns the log's checkpoints: `key` is the witness's verifier line, `url` where its `add-checkpoint` is. */
export type Witness = { readonly name: string; readonly url: string; readonly key: string };

export type Config = {
  readonly organisation: string;
  readonly kind: 'live' | 'reconstruction';
  /** The fixed clock of a reconstruction; null in a live workspace, which uses the real one. */
  readonly clock: Instant | null;
  /** The pack that comes with the program (`uk`), or a path in the workspace. */
  readonly rules: string;
  readonly witnesses: readonly Witness[];
  /** How many of the witnesses must cosign before a checkpoint is published: all of them where it is not said. */
  readonly witnessPolicy: number;
  /** How long evidence is kept after the use has ended (E8). */
  readonly evidenceKept: Period;
};

/** Six years: as long as a claim may be brought on it in most of the United Kingdom. */
const evidenceKept: Period = { months: 72, days: 0 };

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
  const wrong = witnessFault(value.witnesses, value['witness-policy']);
  if (wrong !== null) {
    const detail = { code: 'wrong-shape', expected: wrong.expected, rule: 'E4' } as const;
    return { yaml, config: null, faults: [yaml.at(wrong.at, detail)] };
  }
  const { 'witness-policy': policy, 'evidence-kept': kept, ...rest } = value;
  const witnessPolicy = policy ?? value.witnesses.length;
  return { yaml, config: { ...rest, witnessPolicy, evidenceKept: kept ?? evidenceKept }, faults };
}

type WitnessFault = { readonly at: (string | number)[]; readonly expected: string };
function witnessFault(witnesses: readonly Witness[], policy: number | null): WitnessFault | null {
  if (policy !== null && policy > witnesses.length) {
    const expected = `at most as many as there are witnesses: ${witnesses.length}`;
    return { at: ['witness-policy'], expected };
  }
  for (const [i, { name, url, key }] of witnesses.entries()) {
    const at = (part: string, expected: string): WitnessFault => ({ at: ['witnesses', i, part], expected });
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      return at('url', 'an http or https URL');
    const found = vkeyName(key);
    if (found === null) return at('key', 'the verifier line of a witness: NAME+HASH+BASE64, of type 4');
    if (found !== name) return at('name', `the name in its key, ${found}`);
    if (
      witnesses.findIndex(
        (other) => other.key.split('+').slice(2).join('+') === key.split('+').slice(2).join('+'),
      ) !== i
    )
      return at('key', 'another key than that of the witnesses before it');
  }
  return null;
}

function vkeyName(vkey: string): string | null {
  try {
    const { kind, name } = parseVkey(vkey);
    return kind === 'witness' ? name : null;
  } catch (error) {
    if (error instanceof LogError) return null;
    throw error;
  }
}
