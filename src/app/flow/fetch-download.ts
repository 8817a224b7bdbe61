/**
 * A supply fetched by its link. The link is used up before the first byte goes: a transfer that breaks off needs another
 * link, and nobody else can have had this one.
 */
import type { ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Tx } from '../../store/postgres/state.ts';
import { commit } from './change-documents.ts';
import { handingOverBar } from './handing-over.ts';
import { codeHash, codePattern } from './make-download.ts';
import { queueWebhook } from './queue-webhook.ts';
import { ownSupply, type SupplyRow } from './release-view.ts';
import { type Actor, type Answer, done, refused, type Service } from './service.ts';
import { rootOf } from './workspace-of.ts';

export const fetchDownloadInput = z.strictObject({ code: z.string().max(100) });
/** `stream` gives the bytes, and is to be read to its end or destroyed. */
export type FileOut = {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly stream: ReadStream;
};

/** Refuses `not-found`, `link-expired`, `link-used`, `frozen`, `agreement-ended`. */
export async function fetchDownload(
  service: Service,
  actor: Actor,
  { code }: z.output<typeof fetchDownloadInput>,
): Promise<Answer<FileOut>> {
  const unknown = refused('not-found', 'there is no such link');
  if (!codePattern.test(code)) return unknown;
  const supply = await commit<SupplyRow>(service, actor.org, (tx) => use(tx, service, actor, codeHash(code)));
  if (supply === null || supply.kind === 'refused') return supply ?? unknown;
  const { id, path, bytes, release } = supply.value;
  const handle = await open(join(rootOf(service, actor.org), path), 'r');
  const { size } = await handle.stat();
  if (BigInt(size) !== bytes) {
    await handle.close();
    throw new RangeError(`supply ${id} is not as long as it was sealed`);
  }
  return done({
    name: `${release}.zip`,
    type: 'application/zip',
    bytes: size,
    stream: handle.createReadStream({ highWaterMark: 1 << 18 }),
  });
}

async function use(tx: Tx, { now }: Service, actor: Actor, hash: string): Promise<Answer<SupplyRow>> {
  const link = await tx
    .selectFrom('download')
    .selectAll()
    .where('org', '=', actor.org)
    .where('code_hash', '=', hash)
    .executeTakeFirst();
  const supply = link === undefined ? null : await ownSupply(tx, actor, link.supply);
  if (link === undefined || supply === null) return refused('not-found', 'there is no such link');
  const at = now();
  if (link.fetched_at !== null) return refused('link-used', 'this link was used; make another');
  if (link.expires_at <= at) return refused('link-expired', 'this link has expired; make another');
  const bar = await handingOverBar(tx, supply);
  if (bar !== null) return bar;
  // Of two at once one gets it.
  const used = await tx
    .updateTable('download')
    .set({ fetched_at: at, fetched_by: actor.id })
    .where('org', '=', actor.org)
    .where('id', '=', link.id)
    .where('fetched_at', 'is', null)
    .where('expires_at', '>', at)
    .returning('id')
    .executeTakeFirst();
  if (used === undefined) return refused('link-used', 'this link was used; make another');
  const data = { release: supply.release, supply: supply.id };
  await queueWebhook(tx, actor.org, { event: 'supply.fetched', parties: [supply.recipient], data }, at);
  return done(supply);
}
