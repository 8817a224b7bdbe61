/** The package that went out, held against the manifest: of the list its digest, where it is there at all. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Differing } from './difference.ts';
import { digestOfFile, type EvidenceFolder, short } from './folder.ts';

export async function comparePackage(
  { dir, manifest }: EvidenceFolder,
  folder: string,
  differing: Differing,
  said: { readonly checked: string[]; readonly unchecked: string[] },
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
      else if (!(await readFile(join(folder, name))).equals(await readFile(join(dir, name))))
        differing.add('package-differs', where(name), 'it is not the one in the evidence');
    }
    for (const [name, want] of files) {
      if (!names.includes(name)) {
        if (name !== manifest.list.file)
          differing.add('file-missing', where(name), 'it is not in the package');
        continue;
      }
      const is = await digestOfFile(join(folder, name));
      if (is.digest !== want.digest || is.bytes !== want.bytes)
        differing.add(
          'file-altered',
          where(name),
          `SHA-256 ${short(is.digest)}, and ${short(want.digest)} was committed to`,
        );
    }
  });
  if (clean) said.checked.push('the package is the one that the manifest commits to');
  if (!names.includes(manifest.list.file))
    said.unchecked.push('the list: it is not in the package, nor needed here');
}
