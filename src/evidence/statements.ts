/** What the files of a folder state of the same thing, held against each other. Pure. */

import { digestOf } from '../documents/digest.ts';
import { dayOf } from '../policy/dates.ts';
import type { Differing } from './difference.ts';
import { type DocumentEntry, documentDigests, type JudgedAt } from './documents.ts';
import type { EvidenceFolder } from './folder.ts';

/** The instant and what could be read, as `context.json` has them; null, and told, where it contradicts the others. */
export function judgedAt(
  { context, manifest, logProof }: EvidenceFolder,
  entries: readonly DocumentEntry[],
  differing: Differing,
): JudgedAt | null {
  const cutOff = Date.parse(context.cutOff);
  const lists = entries.filter(({ kind }) => kind === 'suppression-list').map(({ id }) => id);
  const same: readonly (readonly [what: string, one: unknown, other: unknown])[] = [
    ['the release', context.release, manifest.release],
    ['the mark', context.mark, manifest.mark],
    ['the cut-off', context.cutOff, manifest.cutOff],
    ['the day', context.day, manifest.day],
    ['the day of the cut-off', context.day, dayOf(cutOff)],
    ['the size of the log', context.logSize, manifest.logSize],
    ['the snapshot', context.snapshot, manifest.source.snapshot],
    ['the day to which the post was keyed', context.postKeyedTo, manifest.source.postKeyedTo],
    ['the versions', digestOf(context.versions), digestOf(manifest.versions)],
    ['the suppression lists', context.listsReadable.map(({ list }) => list).join('\n'), lists.join('\n')],
  ];
  let sound = true;
  for (const [what, one, other] of same) {
    if (one === other) continue;
    sound = false;
    differing.add(
      'statements-differ',
      'context.json',
      `${what} is stated otherwise in the manifest or the documents`,
    );
  }
  const { content, index } = logProof;
  if (content.release !== manifest.release || content.at !== manifest.cutOff)
    differing.add(
      'log-other',
      'log-proof.json',
      `its entry is of release ${content.release}, at ${content.at}`,
    );
  if (/^\d{1,19}$/.test(index) && BigInt(index) < BigInt(context.logSize))
    differing.add(
      'log-other',
      'log-proof.json',
      `its entry ${index} comes before the ${context.logSize} entries it was decided at`,
    );
  return sound
    ? {
        cutOff,
        day: context.day,
        preferencesReadable: context.preferencesReadable,
        listsReadable: context.listsReadable.map(({ readable }) => readable),
      }
    : null;
}

/** That the documents of the folder are those that the manifest names. */
export function compareDocuments(
  { manifest }: EvidenceFolder,
  entries: readonly DocumentEntry[],
  notices: Parameters<typeof documentDigests>[1],
  differing: Differing,
): void {
  const said = ({ kind, id, digest }: { kind: string; id: string; digest: string }): string =>
    `${kind} ${id} ${digest}`;
  const [own, named] = [documentDigests(entries, notices).map(said), manifest.documents.map(said)];
  const odd = own.find((each) => !named.includes(each)) ?? named.find((each) => !own.includes(each));
  if (odd !== undefined || own.length !== named.length) {
    const which = odd?.split(' ').slice(0, 2).join(' ') ?? 'one that stands twice';
    differing.add(
      'documents-differ',
      'documents.json',
      `the documents are not those that the manifest names: ${which}`,
    );
  }
}
