/** Backups of a club's service, and what is put back from them elsewhere. */
import { mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestDatabase } from '../../store/postgres/databases.fixture.ts';
import { openState } from '../../store/postgres/open-state.ts';
import { withAccounts } from './accounts.fixture.ts';
import type { AccountsService } from './accounts.ts';
import { backup } from './backup.ts';
import { type FlowFixture, serviceOn } from './flow.fixture.ts';
import { workspacesFolder } from './places.ts';
import { restore } from './restore.ts';

/** When each backup says it was made. */
export const backedUpAt = new Date('2026-11-22T12:00:00Z');

const filesOf = (folder: string, name: string) => ({
  archive: join(folder, `${name}.zip`),
  keys: join(folder, `${name}-keys.zip`),
});

export function backUpTo(folder: string, club: FlowFixture, name: string): Promise<unknown> {
  const { archive, keys } = filesOf(folder, name);
  return backup({
    ...{ state: club.made.state, data: dirname(club.service.data), secrets: [], waitMs: 5_000 },
    ...{ to: archive, keysTo: keys, now: backedUpAt },
  });
}

type Backup = { readonly folder: string; readonly name: string; readonly database: TestDatabase };

/** Works in what was put back from a backup, and drops it. */
export async function withBackup(
  { folder, name, database }: Backup,
  work: (service: AccountsService) => Promise<void>,
): Promise<void> {
  const data = mkdtempSync(join(folder, 'data-'));
  const made = database.name === 'PGlite' ? null : await database.create();
  await made?.empty();
  const at = { url: made?.url ?? null, ownerUrl: made?.ownerUrl ?? null };
  const { archive, keys } = filesOf(folder, name);
  await restore({ from: archive, keysFrom: keys, database: at, data });
  const state = await openState({ ...at, data });
  try {
    await work(withAccounts(serviceOn(state, join(data, workspacesFolder), [])));
  } finally {
    await state.close();
    await made?.drop();
  }
}
