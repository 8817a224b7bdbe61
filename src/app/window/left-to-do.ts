/** What is left to people after an erasure by the service, for whoever answers for it: in plain words, and naming nobody. */
import { relative } from 'node:path';
import type { Workspace } from '../../documents/workspace.ts';
import { counted } from '../../policy/figures.ts';
import type { Erased } from '../people/erase.ts';

type Left = Pick<Extract<Erased, { readonly kind: 'erased' }>, 'releases' | 'nameless'>;

/** `releases`: whose plain lists still hold them. What was read of a source before goes by itself (`forget-snapshots.ts`). */
export function leftToDo(
  { root, sources }: Workspace,
  source: string,
  { releases, nameless }: Left,
): readonly string[] {
  const from = sources.find(({ id }) => id === source);
  const file = from === undefined ? `the file of "${source}"` : relative(root, from.file.path);
  return [
    `Take the record out of ${file}, and out of the file of what people said, where there is one. Upload both, and have the source read again: what was read of them before is gone within two hours of that.`,
    'See that the record does not come back under a number that is written otherwise (capitals, leading zeros): the stop is found by the number as it was, and by nothing else.',
    ...releases.map(
      (id) =>
        `The list of release ${id} was being made, and may still hold them: ask whoever runs the server to remove it. Its recipients are told to delete them.`,
    ),
    ...(nameless === 0
      ? []
      : [
          `${counted(nameless, 'stop')} of "${source}" ${nameless === 1 ? 'names' : 'name'} no record: look among the letters of nobody known, whether one is theirs.`,
        ]),
    'Backups hold the keys to what was theirs until they are replaced: whoever runs the server can say when that is.',
  ];
}
