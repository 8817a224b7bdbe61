/** What a release that is to be handed over rests on: its folder, its manifest, and the documents as they were then. */
import { join } from 'node:path';
import { fileDigest } from '../../bulk/outputs/manifest.ts';
import { readRegular } from '../../documents/regular-file.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { type ManifestRead, readManifest } from '../../supply/manifest-read.ts';
import { SupplyError } from '../../supply/supply-error.ts';

export type Ground = {
  readonly kind: 'ground';
  /** Of the release. */
  readonly folder: string;
  readonly manifest: ManifestRead;
  /** SHA-256 of `manifest.json`. */
  readonly manifestDigest: string;
  readonly request: Workspace['requests'][number];
  readonly source: Workspace['sources'][number];
  readonly agreement: Workspace['agreements'][number];
  readonly notices: Workspace['notices'];
  readonly upstream: Workspace['upstream'];
  readonly supplier: Workspace['organisations'][number];
};
export type GroundRefusal = 'release-unknown' | 'request-unknown' | 'documents-changed';
type GroundRefused = { readonly kind: 'refused'; readonly code: GroundRefusal; readonly message: string };

const refuse = (code: GroundRefusal, message: string): GroundRefused => ({ kind: 'refused', code, message });

/** The release and the documents it was decided on, as they were then. */
export async function groundOf(workspace: Workspace, release: string): Promise<Ground | GroundRefused> {
  const folder = join(workspace.root, 'releases', release);
  // An id names a folder here, and no other.
  const named = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(release);
  const text = named ? await textOf(folder, 'manifest.json') : null;
  if (text === null) return refuse('release-unknown', `there is no release ${release} in this workspace`);
  const manifest = readManifest(text);
  if (manifest.release !== release)
    throw new SupplyError(
      'manifest-of-other-release',
      `the manifest in ${release} is of the release ${manifest.release}`,
    );
  const same = ({ id, digest }: { readonly id: string; readonly digest: string }, ofKind: string): boolean =>
    manifest.documents.some((each) => each.kind === ofKind && each.id === id && each.digest === digest);
  const changed = (what: string) =>
    refuse(
      'documents-changed',
      `${what} is not what release ${release} was decided on; release again, and seal that`,
    );
  const asked = manifest.documents.find((each) => each.kind === 'request');
  const request = workspace.requests.find((each) => each.id === asked?.id);
  if (request === undefined)
    return refuse('request-unknown', `the request of release ${release} is not in this workspace any more`);
  if (!same(request, 'request')) return changed(`the request ${request.id}`);
  const source = workspace.sources.find((each) => each.id === request.source);
  if (source === undefined || !same(source, 'source')) return changed(`the source ${request.source}`);
  const agreement = workspace.agreements.find((each) => each.id === request.agreement);
  if (agreement === undefined || !same(agreement, 'agreement'))
    return changed(`the agreement ${request.agreement}`);
  const notices = workspace.notices.filter((each) => same(each, 'notice'));
  const upstream = workspace.upstream.filter((each) => same(each, 'upstream'));
  const decidedOn = manifest.documents.filter((each) => each.kind === 'notice' || each.kind === 'upstream');
  if (notices.length + upstream.length !== decidedOn.length)
    return changed('a notice, or the terms of data bought in,');
  const supplier = workspace.organisations.find((each) => each.id === source.organisation);
  if (supplier === undefined) return changed(`the register, which has no ${source.organisation},`);
  const manifestDigest = (await fileDigest(join(folder, 'manifest.json'))).digest;
  return {
    kind: 'ground',
    folder,
    manifest,
    manifestDigest,
    request,
    source,
    agreement,
    notices,
    upstream,
    supplier,
  };
}

/** Null where there is no such file. */
export async function textOf(folder: string, name: string): Promise<string | null> {
  try {
    return (await readRegular(join(folder, name))).toString('utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
