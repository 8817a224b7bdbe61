/** What a release was made of, for whoever is in it: from the copies in its own evidence, never from today's documents. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { heldDirs } from '../../bulk/outputs/held-package.ts';
import { parseOrganisations } from '../../documents/organisations.ts';
import { readRegular } from '../../documents/regular-file.ts';
import { parseRequest, toRequest } from '../../documents/request.ts';
import { parseSource } from '../../documents/source.ts';
import { documentsFolder } from '../../evidence/documents.ts';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import { manifestSchema } from '../../evidence/files.ts';
import { readStated } from '../../evidence/folder.ts';
import { type Touched, touchedFields } from '../../policy/asked.ts';
import type { Request } from '../../policy/model.ts';
import type { Service } from '../flow/service.ts';
import { rootOf } from '../flow/workspace-of.ts';
import { readManifest } from '../proof/proof-file.ts';

export type ReleaseFolders = { readonly release: string; readonly evidence: string };
export type ReleaseFacts = {
  readonly request: Pick<Request, 'title' | 'chain' | 'purposes' | 'contactChannels' | 'use' | 'deleteBy'>;
  /** What went, what they were chosen by, and what being on the list gives away (B2). */
  readonly touched: readonly Pick<Touched, 'item' | 'given' | 'as' | 'coarser'>[];
  /** Whose records they were. */
  readonly supplier: string;
  /** The legal names of then, by id. */
  readonly names: ReadonlyMap<string, string>;
};

/** Where a release is: in its place, or held until it appears there; null where it is in neither. */
export function foldersOf(root: string, id: string): ReleaseFolders | null {
  const standing = { release: join(root, 'releases', id), evidence: join(root, 'evidence', id) };
  const held = heldDirs(root, id);
  return [standing, held].find(({ release }) => existsSync(join(release, 'manifest.json'))) ?? null;
}

const kept = new Map<string, Promise<unknown>>();
const mostKept = 5_000;

/** What is named by a digest never changes: read once. */
function once<T>(name: string, read: () => Promise<T>): Promise<T> {
  const found = kept.get(name) as Promise<T> | undefined;
  if (found !== undefined) return found;
  const reading = read();
  kept.set(name, reading);
  reading.catch(() => kept.delete(name));
  const [oldest] = kept.keys();
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  return reading;
}

export type ReleaseHead = { readonly source: string; readonly key: string };

/** Which source it is of, and which of our keys its tokens were made under; null where the manifest is another than logged. */
export function releaseHead(folder: string, manifest: string): Promise<ReleaseHead | null> {
  return once(`head ${folder} ${manifest}`, async () => {
    const { digest, source, key } = readManifest(await readRegular(join(folder, 'manifest.json')));
    return digest === manifest ? { source, key } : null;
  });
}

/** Null where its evidence is not kept any more, or is not what was logged: then nothing of it is said. */
export function releaseFacts(folder: string, manifest: string): Promise<ReleaseFacts | null> {
  return once(`facts ${folder} ${manifest}`, async () => {
    try {
      return await readFacts(folder);
    } catch (error) {
      if (
        error instanceof EvidenceError ||
        (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      )
        return null;
      throw error;
    }
  });
}

/** By their ids; one that is nowhere, or of which nothing can be said, is left out. */
export async function releasesMade(
  service: Pick<Service, 'state' | 'data'>,
  org: string,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, ReleaseFacts>> {
  const asked = [...new Set(ids)];
  if (asked.length === 0) return new Map();
  const rows = await service.state.as(org, (tx) =>
    tx
      .selectFrom('release')
      .select(['id', 'manifest'])
      .where('org', '=', org)
      .where('id', 'in', asked)
      .execute(),
  );
  const made = new Map<string, ReleaseFacts>();
  for (const { id, manifest } of rows) {
    const folders = foldersOf(rootOf(service, org), id);
    const facts = folders === null ? null : await releaseFacts(folders.evidence, manifest);
    if (facts !== null) made.set(id, facts);
  }
  return made;
}

async function readFacts(folder: string): Promise<ReleaseFacts | null> {
  const manifest = manifestSchema.parse(
    JSON.parse((await readRegular(join(folder, 'manifest.json'))).toString('utf8')),
  );
  await readStated(folder, manifest.evidence.digest);
  const documents = join(folder, documentsFolder);
  const [request, source] = [await onlyIn(documents, 'requests'), await onlyIn(documents, 'sources')];
  const register = parseOrganisations(
    'organisations.yaml',
    await readFile(join(documents, 'organisations.yaml'), 'utf8'),
  );
  if (request === null || source === null) return null;
  const parsed = parseSource(source.file, source.text, documents).source;
  const asked = parseRequest(request.file, request.text);
  if (parsed === null || asked.document === null) return null;
  // Whom its sets name is not read here.
  const made = toRequest(asked.yaml, asked.document, parsed, []).request;
  if (made === null) return null;
  const { title, chain, purposes, contactChannels, use, deleteBy } = made;
  return {
    request: { title, chain, purposes, contactChannels, use, deleteBy },
    touched: touchedFields(made, parsed).map(({ item, given, as, coarser }) => ({
      item,
      given,
      as,
      coarser,
    })),
    supplier: parsed.organisation,
    names: new Map(register.organisations.map(({ id, legalName }) => [id, legalName])),
  };
}

async function onlyIn(
  documents: string,
  folder: string,
): Promise<{ readonly file: string; readonly text: string } | null> {
  const [name, ...more] = await readdir(join(documents, folder));
  if (name === undefined || more.length > 0) return null;
  const file = `${folder}/${name}`;
  return { file, text: await readFile(join(documents, file), 'utf8') };
}
