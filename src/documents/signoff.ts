/** Sign-offs by a second person: of an explicit term's mapping (A4), or of a reconstruction (A6). */
import type { z } from 'zod';
import type { CivilDate } from '../policy/model.ts';
import type { Fault } from './fault.ts';
import { futureFaults } from './future.ts';
import { civilDate, collectedBy, id, keyed, noticeId, sha256, words } from './leaves.ts';
import { check, readYaml, type YamlFile } from './parse-yaml.ts';

const common = { signoff: id, by: words, on: civilDate };
const mappingSchema = keyed({ ...common, notice: noticeId, statement: id, digest: sha256 });
const reconstructionSchema = keyed({
  ...common,
  source: id,
  collection: id,
  'collected-by': collectedBy,
  from: civilDate,
  until: civilDate,
  notice: noticeId,
});

export type MappingSignoff = z.infer<typeof mappingSchema>;
export type ReconstructionSignoff = z.infer<typeof reconstructionSchema>;
export type Signoff =
  | { readonly kind: 'mapping'; readonly yaml: YamlFile; readonly signoff: MappingSignoff }
  | { readonly kind: 'reconstruction'; readonly yaml: YamlFile; readonly signoff: ReconstructionSignoff };

/** `today` is the real day: one dated after it signs nothing yet. */
export function parseSignoff(
  file: string,
  text: string,
  today: CivilDate,
): { readonly signoff: Signoff | null; readonly faults: readonly Fault[] } {
  const yaml = readYaml(file, text, 1);
  if (yaml.faults.length > 0) return { signoff: null, faults: yaml.faults };
  const ofSource = typeof yaml.raw === 'object' && yaml.raw !== null && 'source' in yaml.raw;
  if (ofSource) {
    const { value, faults } = check(yaml, reconstructionSchema, yaml.raw, []);
    const early = value === null ? [] : futureFaults(yaml, value.on, today, 'A6');
    if (value === null || early.length > 0) return { signoff: null, faults: [...faults, ...early] };
    return { signoff: { kind: 'reconstruction', yaml, signoff: value }, faults };
  }
  const { value, faults } = check(yaml, mappingSchema, yaml.raw, []);
  const early = value === null ? [] : futureFaults(yaml, value.on, today, 'A4');
  if (value === null || early.length > 0) return { signoff: null, faults: [...faults, ...early] };
  return { signoff: { kind: 'mapping', yaml, signoff: value }, faults };
}
