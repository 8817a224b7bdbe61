/** The keyed hash of a record id: what stays of a record in the state when the person is erased. */

import type { OwnRecord } from '../flow/own-records.ts';
import { readSources } from '../flow/read-sources.ts';
import type { Actor, Service } from '../flow/service.ts';
import { rootOf } from '../flow/workspace-of.ts';
import { suppressed, suppressionKey } from '../gate/suppression-key.ts';
import { ownPersonIn } from './own-person.ts';

export type KeyedRecord = OwnRecord & { readonly key: string };

/** Throws KeyError, VaultError. */
export async function recordKey(
  service: Pick<Service, 'data'>,
  org: string,
  { source, record }: OwnRecord,
): Promise<string> {
  return suppressed(await suppressionKey(rootOf(service, org), source), record);
}

/** The records that a member may speak for, in the order that pages number them by. */
export async function ownKeyed(
  service: Service,
  { org, email }: Extract<Actor, { kind: 'member' }>,
): Promise<readonly KeyedRecord[]> {
  const own = await readSources(service, org, (read) => ownPersonIn(service, org, read, email));
  const keyed: KeyedRecord[] = [];
  for (const { source, record } of own)
    keyed.push({ source, record, key: await recordKey(service, org, { source, record }) });
  return keyed;
}
