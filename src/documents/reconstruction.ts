/** Reconstructed notices (A6): worked out by one person, and counted once a second has signed for just that. */
import type { Source } from '../policy/model.ts';
import { samePerson } from '../policy/words.ts';
import type { Fault } from './fault.ts';
import type { YamlFile } from './parse-yaml.ts';
import type { Signoff } from './signoff.ts';
import type { SourceDocument } from './source.ts';

/** The source with the reconstructions that are signed off. An unsigned one stays, and does not count. */
export function signReconstructions(
  yaml: YamlFile,
  document: SourceDocument,
  source: Source,
  signoffs: readonly Signoff[],
): { readonly source: Source; readonly faults: readonly Fault[] } {
  const mine = signoffs.flatMap((s) =>
    s.kind === 'reconstruction' && s.signoff.source === source.id ? [s] : [],
  );
  const faults: Fault[] = [];
  const mapper = document['mapped-by'];
  if (mine.length > 0 && mapper === null) {
    const expected =
      'the key mapped-by: who worked out its reconstructions, as a second person signs for them';
    faults.push(yaml.at([], { code: 'missing-key', expected, found: null, rule: 'A6' }));
  }
  for (const { yaml: signed, signoff } of mine) {
    if (mapper !== null && samePerson(signoff.by, mapper)) {
      faults.push(
        signed.at(['by'], {
          code: 'signoff-same-person',
          expected: `someone other than ${mapper}, who worked it out`,
          rule: 'A6',
        }),
      );
    }
    const reconstructed = source.collections.find((c) => c.id === signoff.collection)?.reconstructions ?? [];
    if (!reconstructed.some((r) => isOf(r, signoff))) {
      const expected = `a reconstruction as ${yaml.file} has it: the same collected-by, from, until and notice`;
      faults.push(signed.at(['notice'], { code: 'signoff-stale', expected, rule: 'A6' }));
    }
  }
  const collections = source.collections.map((collection) => ({
    ...collection,
    reconstructions: collection.reconstructions.map((r) => ({
      ...r,
      signedOff:
        faults.length === 0 &&
        mapper !== null &&
        mine.some((s) => s.signoff.collection === collection.id && isOf(r, s.signoff)),
    })),
  }));
  return { source: { ...source, collections }, faults };
}

function isOf(
  reconstruction: Source['collections'][number]['reconstructions'][number],
  signoff: Extract<Signoff, { kind: 'reconstruction' }>['signoff'],
): boolean {
  return (
    reconstruction.collectedBy === signoff['collected-by'] &&
    reconstruction.from === signoff.from &&
    reconstruction.until === signoff.until &&
    reconstruction.notice === signoff.notice
  );
}
