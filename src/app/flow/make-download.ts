/** A link by which a recipient fetches its supply: once, and for a while. Its code is shown once, and not kept. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { handingOverBar } from './handing-over.ts';
import { ownSupply } from './release-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';

export const makeDownloadInput = z.strictObject({ supply: z.string().max(100) });
export const downloadMadeView = z
  .object({
    id: z.string(),
    supply: z.string(),
    /** Shown once. */
    code: z.string(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'DownloadMade' });

/** 128 bits that nobody guesses. */
const codeBytes = 16;
export const codePattern = /^[A-Za-z0-9_-]{22}$/;
export const codeHash = (code: string): string => createHash('sha256').update(code).digest('hex');

/** Refuses `not-found`, `frozen`, `agreement-ended`. */
export async function makeDownload(
  { state, limits, now }: Service,
  actor: Actor,
  { supply }: z.output<typeof makeDownloadInput>,
): Promise<Answer<z.output<typeof downloadMadeView>>> {
  return state.as(actor.org, async (tx) => {
    const row = await ownSupply(tx, actor, supply);
    if (row === null) return refused('not-found', 'there is no such supply');
    const bar = await handingOverBar(tx, row);
    if (bar !== null) return bar;
    const code = randomBytes(codeBytes).toString('base64url');
    const at = now();
    const expires = new Date(at.getTime() + limits.downloadMinutes * 60_000);
    const id = randomUUID();
    await tx
      .insertInto('download')
      .values({
        ...{ org: actor.org, id, supply: row.id, party: row.recipient, code_hash: codeHash(code) },
        ...{ made_by: actor.id, made_at: at, expires_at: expires },
      })
      .execute();
    return done({ id, supply: row.id, code, expiresAt: expires.toISOString() });
  });
}
