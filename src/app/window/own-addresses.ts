/** The addresses that are a person's alone: what an erasure takes with them, and what it waits for, goes by the same ones. */
import { foldEmail } from '../../policy/fold.ts';
import { type OwnRecord, ownRecords } from '../flow/own-records.ts';
import type { Service } from '../flow/service.ts';
import { heldRecord, roleText } from './held-record.ts';

/**
 * As they are written: that on record, and `kept` from when they asked, for the record may be out of the file by now. Without
 * those that stand in another record too, which stay its own. Opens the engine.
 */
export async function ownAddresses(
  service: Service,
  org: string,
  whose: OwnRecord,
  kept: string | null,
): Promise<readonly string[]> {
  const held = await heldRecord(service, org, whose);
  const known = [held === null ? null : roleText(held, 'email'), kept].flatMap((one) => one ?? []);
  const own: string[] = [];
  for (const email of new Set(known))
    if (foldEmail(email) !== '' && !(await standsElsewhere(service, org, email, whose))) own.push(email);
  return own;
}

async function standsElsewhere(
  service: Service,
  org: string,
  email: string,
  { source, record }: OwnRecord,
): Promise<boolean> {
  const all = await ownRecords(service, org, email);
  return all.some((each) => each.source !== source || each.record !== record);
}
