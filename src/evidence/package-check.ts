/**
 * The package that went out, held against the manifest: of the list its digest, columns and rows, where it is there at
 * all.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { counted, number } from '../policy/figures.ts';
import type { Differing } from './difference.ts';
import { digestOfFile, type EvidenceFolder, readable, readSmall, short } from './folder.ts';

/** A list as whoever gets it would read it; `rows` without the header. */
export type ListSeen =
  | { readonly kind: 'list'; readonly columns: readonly string[]; readonly rows: number }
  /** It is no list that a release writes; `why` quotes nothing of it. */
  | { readonly kind: 'unreadable'; readonly why: string };
export type ListReader = (path: string) => Promise<ListSeen>;

/** `readList` reads the list of the package. */
export async function comparePackage(
  { dir, manifest }: EvidenceFolder,
  folder: string,
  differing: Differing,
  said: { readonly checked: string[]; readonly unchecked: string[] },
  readList: ListReader,
): Promise<void> {
  const where = (name: string): string => `package ${name}`;
  const names = await readdir(folder).catch(() => null);
  if (names === null) {
    differing.add('file-missing', 'package', 'there is no such folder');
    return;
  }
  const files = new Map(
    [manifest.list, manifest.decisions, manifest.roster].map((each) => [each.file as string, each]),
  );
  const own = ['manifest.json', 'log-proof.json'];
  const clean = await differing.clean(async () => {
    for (const name of names)
      if (!files.has(name) && !own.includes(name))
        differing.add('file-unexpected', where(name), 'no package has a file of that name');
    for (const name of own) {
      if (!names.includes(name)) differing.add('file-missing', where(name), 'it is not in the package');
      else {
        const malformed = (why: string): void => differing.add('file-malformed', where(name), why);
        const theirs = await readSmall(join(folder, name), malformed);
        const ours = await readSmall(join(dir, name), malformed);
        if (theirs !== null && ours !== null && !theirs.equals(ours))
          differing.add('package-differs', where(name), 'it is not the one in the evidence');
      }
    }
    for (const [name, want] of files) {
      if (!names.includes(name)) {
        if (name !== manifest.list.file)
          differing.add('file-missing', where(name), 'it is not in the package');
        continue;
      }
      const is = await readable(digestOfFile(join(folder, name)), (why) =>
        differing.add('file-malformed', where(name), why),
      );
      if (is === null) continue;
      if (is.digest !== want.digest || ('bytes' in want && is.bytes !== want.bytes))
        differing.add(
          'file-altered',
          where(name),
          `SHA-256 ${short(is.digest)}, and ${short(want.digest)} was committed to`,
        );
      else if (name === manifest.list.file)
        compareList(manifest.list, await readList(join(folder, name)), (what) =>
          differing.add('list-differs', where(name), what),
        );
    }
  });
  if (clean) said.checked.push('the package is the one that the manifest commits to');
  if (!names.includes(manifest.list.file))
    said.unchecked.push('the list: it is not in the package, nor needed here');
}

/** The digest is of whatever was written: the manifest says of what people, and of which of their data. */
function compareList(
  stated: { readonly columns: readonly string[]; readonly rows: number },
  seen: ListSeen,
  differs: (what: string) => void,
): void {
  if (seen.kind === 'unreadable') {
    differs(`it is no list as a release writes it: ${seen.why}`);
    return;
  }
  // Not by their names: what stands in the place of a header may be somebody's data.
  if (canonicalize(seen.columns) !== canonicalize(stated.columns))
    differs(`its ${counted(seen.columns.length, 'column')} are not those that the manifest names`);
  if (seen.rows !== stated.rows)
    differs(`it has ${counted(seen.rows, 'row')}, and the manifest says ${number(stated.rows)}`);
}
