/** Whom a letter is surely of that is yet to be recorded (C4): a look-up like any other, so that it can be entered as theirs. */
import type { Details } from '../../store/preferences.ts';
import { readSources } from '../flow/read-sources.ts';
import { type Actor, type Answer, done, type Service } from '../flow/service.ts';
import { sureRecords } from './match-records.ts';
import type { PersonRow } from './person-shown.ts';
import { recordKey } from './record-key.ts';
import { type LookedUp, mostFound, writeLookUp } from './write-look-up.ts';

/** Null where it is surely of nobody: then nobody was looked at. Refuses `too-many-look-ups`. */
export async function findSure(
  service: Service,
  actor: Actor,
  { source: id, details }: { readonly source: string; readonly details: Details },
): Promise<Answer<LookedUp | null>> {
  const { org } = actor;
  const found = await readSources(service, org, async ({ workspace, engine, dirOf }) => {
    const source = workspace.sources.find((each) => each.id === id);
    if (source === undefined) return [];
    const held = { engine, source, dir: await dirOf(source) };
    const rows: PersonRow[] = [];
    for (const row of await sureRecords(held, { event: '', details }, mostFound + 1)) {
      const record = String(row.rid);
      rows.push({ source, record, row, key: await recordKey(service, org, { source: id, record }) });
    }
    return rows;
  });
  if (found.length === 0) return done(null);
  const reason = 'to enter what came by letter, phone or e-mail as theirs';
  return writeLookUp(service, actor, { reason, askedWith: ['letter'], found });
}
