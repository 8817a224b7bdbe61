/**
 * A backup: the state as it stood at one instant, the files of every organisation, and apart from them the keys and
 * vaults. Jobs of the workspaces wait meanwhile; recording preferences goes on.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { dumpState } from '../../store/postgres/dump-state.ts';
import type { State } from '../../store/postgres/state.ts';
import { version } from '../version.ts';
import { type ArchiveContents, archiveVersion, type Member } from './archive-form.ts';
import { type Archive, type Chunks, writeArchive } from './archive-write.ts';
import { BackupError } from './backup-error.ts';
import { holdWorkspaces } from './hold-workspaces.ts';
import { workspacesFolder } from './places.ts';

export type BackupInput = {
  readonly state: State;
  /** The data folder of the service, absolute. */
  readonly data: string;
  /** Names of files in it that belong to the keys. */
  readonly secrets: readonly string[];
  readonly to: string;
  /** Null: keys and vaults are not kept. */
  readonly keysTo: string | null;
  /** For how long a job that is under way may go on before the backup gives up. */
  readonly waitMs: number;
  readonly now: Date;
};
export type BackedUp = {
  readonly backup: string;
  readonly organisations: readonly string[];
  readonly rows: number;
  readonly files: number;
  readonly keys: number | null;
};

/** Of a workspace: what is kept with the keys, and what is made again or passing. */
const keyFolders = ['keys', 'vault'];
const snapshots = '.astold/snapshots/';
const checkpoint = 'log/checkpoint';

/** Both archives are for their owner's eyes alone. Throws BackupError, FlowError `workspace-busy`, StateError. */
export async function backup(input: BackupInput): Promise<BackedUp> {
  // A data folder that was named wrong must not end in a backup of nothing.
  if ((await input.state.organisations()).length === 0)
    throw new BackupError(
      'backup-empty',
      `no organisation is in the database: is ${input.data} the right place?`,
    );
  if (input.to === input.keysTo)
    throw new BackupError('backup-exists', 'the state and the keys cannot be one archive: give two names');
  const archive = writeArchive(input.to);
  const keys = input.keysTo === null ? null : writeArchive(input.keysTo);
  try {
    const held = await holdWorkspaces(input.state, join(input.data, workspacesFolder), input.waitMs);
    try {
      return await write(input, archive, keys);
    } finally {
      await held.release();
    }
  } finally {
    await archive.abandon();
    await keys?.abandon();
  }
}

async function write(input: BackupInput, archive: Archive, keys: Archive | null): Promise<BackedUp> {
  const { state, data } = input;
  // Before the state: what was published is in every later state, and a state behind it could not go on.
  const checkpoints = await checkpointsOf(state, data);
  const members: Member[] = [];
  let rows = 0;
  const { migrations, organisations } = await dumpState(state, async (dump) => {
    for await (const { schema, name, org, rows: lines } of dump.tables) {
      const path = ['state', schema, name, ...(org === null ? [] : [org === '*' ? '_service' : org])].join(
        '/',
      );
      const counted = async function* (): AsyncGenerator<string> {
        for await (const each of lines) {
          rows += each.split('\n').length - 1;
          yield each;
        }
      };
      const added = await archive.add(`${path}.jsonl`, counted());
      members.push({ kind: 'table', ...added, schema, table: name, org });
    }
    return { migrations: dump.migrations, organisations: dump.organisations };
  });
  for (const org of organisations) {
    for (const path of await filesOf(join(data, workspacesFolder, org))) {
      if (!isKept(path)) continue;
      const name = `${workspacesFolder}/${org}/${path}`;
      const known = checkpoints.get(org);
      // One that was first published meanwhile may be of more than the state has.
      if (path === checkpoint && known === undefined) continue;
      const added = await addFile(
        archive,
        name,
        path === checkpoint && known !== undefined ? known : join(data, name),
      );
      if (added !== null) members.push(added);
    }
  }
  const keyMembers = keys === null ? [] : await addKeys(keys, input, organisations);
  const about = {
    version: archiveVersion,
    backup: randomUUID(),
    program: version,
    made: input.now.toISOString(),
  };
  const contents = (kind: ArchiveContents['kind'], all: readonly Member[]): ArchiveContents => ({
    ...about,
    ...{
      kind,
      version: archiveVersion,
      organisations: [...organisations],
      migrations: [...migrations],
      members: [...all],
    },
  });
  await keys?.finish(contents('keys', keyMembers));
  await archive.finish(contents('state', members));
  const files = members.filter(({ kind }) => kind === 'file').length;
  return { backup: about.backup, organisations, rows, files, keys: keys === null ? null : keyMembers.length };
}

async function checkpointsOf(state: State, data: string): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const { org } of await state.organisations()) {
    const bytes = await readFile(join(data, workspacesFolder, org, checkpoint)).catch(unlessMissing);
    if (bytes !== null) found.set(org, bytes);
  }
  return found;
}

function isKept(path: string): boolean {
  const [top = ''] = path.split('/');
  if (keyFolders.includes(top)) return false;
  if (top === '.astold') return path.startsWith(snapshots) && !path.includes('/.work');
  return !/^\.(guard|publish)\.sqlite/.test(top) && !path.startsWith('log/.aside/');
}

async function addKeys(
  keys: Archive,
  { data, secrets }: BackupInput,
  organisations: readonly string[],
): Promise<readonly Member[]> {
  const names = [...secrets];
  for (const org of organisations)
    for (const folder of keyFolders) {
      const place = [workspacesFolder, org, folder].join('/');
      names.push(...(await filesOf(join(data, place))).map((path) => `${place}/${path}`));
    }
  const added: Member[] = [];
  for (const name of names) {
    const member = await addFile(keys, name, join(data, name));
    if (member !== null) added.push(member);
  }
  return added;
}

/** Null where it is gone: a partial tile of the log that a larger one took the place of, a secret that was never made. */
async function addFile(archive: Archive, name: string, from: string | Buffer): Promise<Member | null> {
  if (typeof from !== 'string') return { kind: 'file', ...(await archive.add(name, once(from))) };
  const stream = createReadStream(from);
  const opened = await new Promise<true | null>((resolve, reject) => {
    stream.once('open', () => resolve(true));
    stream.once('error', (error) => Promise.resolve(unlessMissing(error)).then(resolve, reject));
  });
  return opened === null ? null : { kind: 'file', ...(await archive.add(name, stream)) };
}

async function* once(bytes: Buffer): Chunks {
  yield bytes;
}

/** Plain files below a folder, with "/" between the parts, sorted. */
async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(unlessMissing);
  return (entries ?? [])
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length).replaceAll(sep, '/'))
    .sort();
}

function unlessMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
