/** A proof, to be checked by anybody, that a record of the member's own is or is not among those of a release (E5). */

import { join } from 'node:path';
import { z } from 'zod';
import { VaultError } from '../../bulk/vault.ts';
import { readLogVerifier } from '../../documents/log-key.ts';
import { readRegular } from '../../documents/regular-file.ts';
import { readSources } from '../flow/read-sources.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { ProofError } from '../proof/proof-error.ts';
import { prove } from '../proof/prove.ts';
import { ownPersonIn, type PersonRecord } from './own-person.ts';
import { foldersOf } from './release-facts.ts';

export const proveMembershipInput = z.strictObject({
  release: z.string().min(1).max(300),
  /** Which of their records, by its number. */
  record: z.coerce.number().int().min(1).max(1000).default(1),
});
export const proofView = z
  .object({
    /** What it says of the record, and no more than that: E5. */
    result: z.enum(['present', 'absent']),
    /** The file that `astold verify` reads; it holds against the manifest, and that against the log's key. */
    proof: z.looseObject({ format: z.string() }),
    /** Word for word: its digest is what was logged. */
    manifest: z.string(),
    logKey: z.string(),
  })
  .meta({ id: 'MembershipProof' });
export type MembershipProof = z.output<typeof proofView>;

/** Refuses `not-found`; `wrong-state` where nobody can say it of that record any more. */
export async function proveMembership(
  service: Service,
  actor: Actor,
  { release, record }: z.output<typeof proveMembershipInput>,
): Promise<Answer<MembershipProof>> {
  if (actor.kind !== 'member') return refused('not-found', 'only a member has records of their own');
  const { org, email } = actor;
  const row = await service.state.as(org, (tx) =>
    tx
      .selectFrom('release')
      .innerJoin('request', (join) =>
        join.onRef('request.org', '=', 'release.org').onRef('request.id', '=', 'release.request'),
      )
      .select(['release.id', 'request.source'])
      .where('release.org', '=', org)
      .where('release.id', '=', release)
      .executeTakeFirst(),
  );
  if (row === undefined) return refused('not-found', 'there is no such release');
  return readSources(service, org, async (read) => {
    const own: PersonRecord | undefined = (await ownPersonIn(service, org, read, email))[record - 1];
    if (own === undefined) return refused('not-found', 'no record of yours has that number');
    const folders = foldersOf(read.workspace.root, row.id);
    if (folders === null || own.source !== row.source)
      return refused('not-found', 'nothing of that release can be proved of this record');
    return proofOf(read.workspace.root, folders.release, row.id, own);
  });
}

async function proofOf(
  root: string,
  folder: string,
  release: string,
  { record }: PersonRecord,
): Promise<Answer<MembershipProof>> {
  try {
    const { proof, result } = await prove(root, release, folder, { kind: 'person', record });
    const manifest = (await readRegular(join(folder, 'manifest.json'))).toString('utf8');
    const { vkey } = await readLogVerifier(root);
    return done({
      result,
      proof: JSON.parse(JSON.stringify(proof)) as MembershipProof['proof'],
      manifest,
      logKey: vkey,
    });
  } catch (error) {
    if (
      error instanceof VaultError &&
      ['secrets-destroyed', 'secrets-missing', 'record-unknown'].includes(error.code)
    )
      return refused('wrong-state', 'nobody can say any more whether this record was in that release');
    if (error instanceof ProofError && error.code === 'release-without-roster')
      return refused('wrong-state', 'that release has no roster: nothing can be proved of it');
    throw error;
  }
}
