/** What the files of a folder state of the same thing, held against each other. Pure. */

import { digestOf } from '../documents/digest.ts';
import type { Workspace } from '../documents/workspace.ts';
import { dayOf } from '../policy/dates.ts';
import type { GateContext } from '../policy/judgement.ts';
import type { Differing } from './difference.ts';
import { documentDigests } from './documents.ts';
import type { EvidenceFolder } from './folder.ts';

type Same = readonly (readonly [what: string, one: unknown, other: unknown])[];

function compare(same: Same, where: string, beside: string, differing: Differing): void {
  for (const [what, one, other] of same)
    if (digestOf(one ?? null) !== digestOf(other ?? null))
      differing.add('statements-differ', where, `${what} stated otherwise than in ${beside}`);
}

/** What `context.json` says, against the manifest. */
export function compareContext({ context, manifest }: EvidenceFolder, differing: Differing): void {
  const { source } = manifest;
  const same: Same = [
    ['the release is', context.release, manifest.release],
    ['the mark is', context.mark, manifest.mark],
    ['the cut-off is', context.cutOff, manifest.cutOff],
    ['the day is', context.day, manifest.day],
    ['the day of the cut-off is', context.day, dayOf(Date.parse(context.cutOff))],
    ['the size of the log is', context.logSize, manifest.logSize],
    ['the snapshot is', context.snapshot, source.snapshot],
    ['the day to which the post was keyed is', context.postKeyedTo, source.postKeyedTo],
    ['the keys are', context.keys, { release: manifest.key, tokens: manifest.roster.key }],
    ['the sleepers are', context.sleepers, manifest.sleepers],
    ['the versions are', context.versions, manifest.versions],
    [
      'the suppression lists are',
      context.lists.map(({ list, file }) => ({ list, file })),
      manifest.suppressions.map(({ list, file }) => ({ list, file })),
    ],
  ];
  compare(same, 'context.json', 'the manifest', differing);
  for (const { list, readable, file } of context.lists)
    if (readable && file === null)
      differing.add(
        'statements-differ',
        'context.json',
        `list ${list} was read, and no file of it was there`,
      );
}

/** The entry of the log that the manifest is in. */
export function compareEntry({ context, manifest, logProof }: EvidenceFolder, differing: Differing): void {
  const { content, index } = logProof;
  if (content.release !== manifest.release || content.at !== manifest.cutOff)
    differing.add(
      'log-other',
      'log-proof.json',
      `its entry is of release ${content.release}, at ${content.at}`,
    );
  if (BigInt(index) < BigInt(context.logSize))
    differing.add(
      'log-other',
      'log-proof.json',
      `its entry ${index} comes before the ${context.logSize} entries it was decided at`,
    );
}

/** What the documents say, against the manifest: which they are, and what else it states that they know. */
export function compareDocuments(
  { manifest }: EvidenceFolder,
  { supply }: Workspace,
  context: GateContext,
  differing: Differing,
): void {
  const said = ({ kind, id, digest }: { kind: string; id: string; digest: string }): string =>
    `${kind} ${id} ${digest}`;
  const [own, named] = [documentDigests(context).map(said), manifest.documents.map(said)];
  const odd = own.find((each) => !named.includes(each)) ?? named.find((each) => !own.includes(each));
  if (odd !== undefined || own.length !== named.length) {
    const which = odd?.split(' ').slice(0, 2).join(' ') ?? 'one that stands twice';
    differing.add(
      'documents-differ',
      'documents',
      `the documents are not those that the manifest names: ${which}`,
    );
  }
  const { request, source, agreement } = context;
  const same: Same = [
    ['the release is', manifest.release, `${context.day}-${request.id}`],
    ['the source is', manifest.source.id, source.id],
    ['the day to which the post was keyed is', manifest.source.postKeyedTo, source.preferences?.postKeyedTo],
    ['the columns of the list are', manifest.list.columns, request.fields.map(({ name }) => name)],
    ['the file of the list is', manifest.list.file, `list.${request.format}`],
    [
      'whether there are sleepers is',
      manifest.sleepers !== null,
      agreement !== null && supply.sleeperTerms.has(agreement.id),
    ],
  ];
  compare(same, 'manifest.json', 'the documents', differing);
}

/** What was ingested, as the log has it since then, against the manifest (E2). */
export function compareIngest(
  { manifest, context, ingestProof, logProof }: EvidenceFolder,
  differing: Differing,
): void {
  const { content, index, checkpoint } = ingestProof;
  const { source } = manifest;
  const same: Same = [
    ['the source', content.source, source.id],
    ['the snapshot', content.snapshot, source.snapshot],
    ['the records', content.records, context.records],
    ['the files of the source', content.files, source.files],
    ['the root over the commitments', content.commitments, source.commitments],
  ];
  const add = (message: string): void => differing.add('ingest-differs', 'ingest-proof.json', message);
  for (const [what, one, other] of same)
    if (digestOf(one) !== digestOf(other)) add(`${what}: logged at ingest otherwise than the manifest says`);
  if (checkpoint !== logProof.checkpoint)
    add('it stands on another checkpoint than the entry of the release');
  if (BigInt(index) >= BigInt(logProof.index))
    add(`its entry ${index} does not come before that of the release, ${logProof.index}`);
}
