/** `astold release --to`: a release that is sealed for a recipient as soon as it stands. */
import type { Workspace } from '../../documents/workspace.ts';
import { type Sealed, type SealRefusal, seal } from '../supply/seal.ts';
import { askedOf } from './context.ts';
import { type Release, type ReleaseOptions, release } from './release.ts';

export type ReleasedTo =
  /** Nothing was decided: it could not have been sealed for that recipient. */
  | { readonly kind: 'unsealable'; readonly code: SealRefusal; readonly message: string }
  /** `sealed` null where nothing was released. */
  | { readonly kind: 'decided'; readonly release: Release; readonly sealed: Sealed | null };

/**
 * What plainly stands against sealing is said before anything is released. A release that stands already, made by a
 * run that was cut short or without a recipient, is sealed as it is.
 */
export async function releaseTo(
  workspace: Workspace,
  requestId: string,
  recipient: string,
  options: ReleaseOptions,
): Promise<ReleasedTo> {
  const { request } = askedOf(workspace, requestId, null);
  const unsealable = (code: SealRefusal, message: string): ReleasedTo => ({
    kind: 'unsealable',
    code,
    message,
  });
  if (workspace.config.kind === 'reconstruction')
    return unsealable('reconstruction-not-sealed', 'a reconstruction is not sealed for anyone (B6)');
  if (!request.chain.some((party) => party.organisation === recipient)) {
    const chain = request.chain.map((party) => party.organisation).join(', ');
    return unsealable(
      'recipient-not-in-chain',
      `"${recipient}" is not in the chain of ${request.id}, which is: ${chain}`,
    );
  }
  if ((workspace.supply.keys.get(recipient)?.age ?? null) === null)
    return unsealable(
      'recipient-key-missing',
      `${recipient} has no age-key in organisations.yaml; ask them for it: astold recipient-keys ${recipient}`,
    );
  const done = await release(workspace, requestId, options);
  const id = done.kind === 'released' ? done.release : standing(done);
  return {
    kind: 'decided',
    release: done,
    sealed: id === null ? null : await seal(workspace, options.ledger, id, recipient, 'whole'),
  };
}

/** The id of the release that was there before. */
function standing(done: Release): string | null {
  if (done.kind !== 'refused' || done.code !== 'release-exists') return null;
  const { standing: manifest } = done;
  const id =
    typeof manifest === 'object' && manifest !== null && 'release' in manifest ? manifest.release : null;
  return typeof id === 'string' ? id : null;
}
