/**
 * A supply fetched by its link. The file is opened first; the link is used up before the first byte goes: a transfer that breaks
 * off needs another link, and nobody else can have had this one.
 */
import type { ReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
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

/** Refuses `not-found`, `link-expired`, `link-used`, `frozen`, `agreement-ended`; `supply-lost`: the link is still good. */
export async function fetchDownload(
  service: Service,
  actor: Actor,
  { code }: z.output<typeof fetchDownloadInput>,
): Promise<Answer<FileOut>> {
  const { org } = actor;
  if (!codePattern.test(code)) return unknown;
  const found = await service.state.as(org, (tx) => findLink(tx, service, actor, codeHash(code)));
  if (found.kind === 'refused') return found;
  const { supply } = found.value;
  const file = await sealedFile(service, supply);
  if (file === null) {
    service.log.error({ org, supply: supply.id }, 'a supply is not on the disk as it was sealed');
    return refused(
      'supply-lost',
      'the supply is not on the disk as it was sealed; its supplier must put it back',
    );
  }
  const used = await commit<Found>(service, org, (tx) => use(tx, service, actor, codeHash(code))).catch(
    async (error: unknown) => {
      await file.close();
      throw error;
    },
  );
  if (used === null || used.kind === 'refused') {
    await file.close();
    return used ?? unknown;
  }
  return done({
    name: `${supply.release}.zip`,
    type: 'application/zip',
    bytes: Number(supply.bytes),
    stream: file.createReadStream({ highWaterMark: 1 << 18 }),
  });
}

const unknown = refused('not-found', 'there is no such link');

/** Open, and as long as it was sealed; null where it is not there so. */
async function sealedFile(service: Service, { org, path, bytes }: SupplyRow): Promise<FileHandle | null> {
  const handle = await open(join(rootOf(service, org), path), 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return null;
  const stats = await handle.stat({ bigint: true });
  if (stats.isFile() && stats.size === bytes) return handle;
  await handle.close();
  return null;
}

type Found = { readonly link: string; readonly supply: SupplyRow };

/** The link, if it is good as it stands. */
async function findLink(tx: Tx, { now }: Service, actor: Actor, hash: string): Promise<Answer<Found>> {
  const link = await tx
    .selectFrom('download')
    .selectAll()
    .where('org', '=', actor.org)
    .where('code_hash', '=', hash)
    .executeTakeFirst();
  const supply = link === undefined ? null : await ownSupply(tx, actor, link.supply);
  if (link === undefined || supply === null) return unknown;
  if (link.fetched_at !== null) return alreadyUsed;
  if (link.expires_at <= now()) return refused('link-expired', 'this link has expired; make another');
  const bar = await handingOverBar(tx, supply);
  return bar ?? done({ link: link.id, supply });
}

const alreadyUsed = refused('link-used', 'this link was used; make another');

async function use(tx: Tx, service: Service, actor: Actor, hash: string): Promise<Answer<Found>> {
  const found = await findLink(tx, service, actor, hash);
  if (found.kind === 'refused') return found;
  const { link, supply } = found.value;
  const at = service.now();
  // Of two at once one gets it.
  const used = await tx
    .updateTable('download')
    .set({ fetched_at: at, fetched_by: actor.id })
    .where('org', '=', actor.org)
    .where('id', '=', link)
    .where('fetched_at', 'is', null)
    .where('expires_at', '>', at)
    .returning('id')
    .executeTakeFirst();
  if (used === undefined) return alreadyUsed;
  const data = { release: supply.release, supply: supply.id };
  await queueWebhook(tx, actor.org, { event: 'supply.fetched', parties: [supply.recipient], data }, at);
  return done(found.value);
}
