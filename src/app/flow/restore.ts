/** Puts a backup back, into an empty database and an empty data folder, and nowhere else. */
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { loadState } from '../../store/postgres/load-state.ts';
import { heldSince } from '../../store/postgres/log-held.ts';
import { digestOf } from '../../store/postgres/migrate.ts';
import { migrations } from '../../store/postgres/migrations/all.ts';
import { type OpenStateOptions, openState } from '../../store/postgres/open-state.ts';
import { StateError } from '../../store/postgres/state-error.ts';
import { syncFolder } from '../../store/write-durably.ts';
import type { ArchiveContents, Member } from './archive-form.ts';
import { type OpenArchive, openArchive } from './archive-read.ts';
import { BackupError } from './backup-error.ts';

export type RestoreInput = {
  readonly from: string;
  /** Null: keys and vaults are put back by hand. */
  readonly keysFrom: string | null;
  readonly database: Pick<OpenStateOptions, 'url' | 'ownerUrl'>;
  /** The data folder of the service; absolute. */
  readonly data: string;
};
export type Restored = {
  readonly backup: string;
  /** When, by the clock of who made it. */
  readonly made: string;
  readonly organisations: readonly string[];
  readonly files: number;
  readonly keys: number | null;
};

/**
 * Both archives are read to their end before anything is written. A run that is cut short leaves no row, but files: the
 * folder has to be emptied before the next. Throws BackupError, StateError.
 */
export async function restore(input: RestoreInput): Promise<Restored> {
  const archive = await openArchive(input.from, 'state');
  try {
    const keys = input.keysFrom === null ? null : await openArchive(input.keysFrom, 'keys');
    try {
      return await put(input, archive, keys);
    } finally {
      keys?.close();
    }
  } finally {
    archive.close();
  }
}

async function put(input: RestoreInput, archive: OpenArchive, keys: OpenArchive | null): Promise<Restored> {
  const { contents } = archive;
  if (keys !== null && keys.contents.backup !== contents.backup)
    throw new BackupError(
      'backup-other',
      `${input.keysFrom} has the keys of another backup than ${input.from}`,
    );
  const steps = stepsOf(contents, input.from);
  await requireEmpty(input.data);
  const options = { ...input.database, data: input.data };
  const state = await openState({ ...options, migrations: steps }).catch(asNotEmpty);
  try {
    const files = await putFiles(archive, input.data);
    const keyFiles = keys === null ? null : await putFiles(keys, input.data);
    await loadState(state, tablesIn(archive)).catch(asNotEmpty);
    if (steps.length < migrations.length) {
      await state.close();
      await (await openState(options)).close();
    }
    const { backup, made, organisations } = contents;
    return { backup, made, organisations, files, keys: keyFiles };
  } finally {
    await state.close();
  }
}

/** The database is made as it was when the backup was; what came later is applied to its rows. */
function stepsOf(contents: ArchiveContents, path: string): typeof migrations {
  const steps = migrations.slice(0, contents.migrations.length);
  const same = contents.migrations.every(({ name, digest }, i) => {
    const step = steps[i];
    return step !== undefined && step.name === name && digestOf(step.statements) === digest;
  });
  if (same) return steps;
  throw new BackupError(
    'backup-newer',
    `${path} is of a database that this version of AsTold does not know; use AsTold ${contents.program}`,
  );
}

async function requireEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  if (names.length > 0)
    throw new BackupError(
      'restore-not-empty',
      `${folder} is not empty, and nothing was changed: a backup is put back into an empty folder`,
    );
}

function asNotEmpty(error: unknown): never {
  if (error instanceof StateError && ['migration-unknown', 'state-not-empty'].includes(error.code)) {
    throw new BackupError(
      'restore-not-empty',
      'the database is not empty: a backup is put back into an empty database',
      { cause: error },
    );
  }
  throw error;
}

async function putFiles(archive: OpenArchive, data: string): Promise<number> {
  const folders = new Set<string>([data]);
  let count = 0;
  await mkdir(data, { recursive: true, mode: 0o700 });
  for (const member of archive.contents.members) {
    if (member.kind !== 'file') continue;
    const path = join(data, member.name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    for (let at = dirname(path); !folders.has(at); at = dirname(at)) folders.add(at);
    await pipeline(
      await archive.bytes(member),
      createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
    );
    count += 1;
  }
  await openLogs(data, archive.contents);
  for (const folder of folders) await syncFolder(folder);
  return count;
}

/** A published log is for anyone to read, as it was. */
async function openLogs(data: string, { members }: ArchiveContents): Promise<void> {
  const paths = new Set<string>();
  for (const { name } of members.filter(({ name }) => name.split('/')[2] === 'log')) {
    await chmod(join(data, name), 0o644);
    for (let at = dirname(name); at.includes('/'); at = dirname(at)) paths.add(at);
  }
  for (const path of paths) await chmod(join(data, path), 0o755);
}

const tablesIn = (archive: OpenArchive): Parameters<typeof loadState>[1] =>
  archive.contents.members
    .filter((member): member is Extract<Member, { kind: 'table' }> => member.kind === 'table')
    .map((member) => ({
      ...{ schema: member.schema, name: member.table, org: member.org },
      lines: () =>
        member.table === 'log_head'
          ? heldLines(archive.lines(member), archive.contents.made)
          : archive.lines(member),
    }));

/** The heads of logs: nothing is added to them before somebody says what was published after the backup. */
async function* heldLines(lines: AsyncIterable<string>, made: string): AsyncGenerator<string> {
  for await (const line of lines)
    yield JSON.stringify({ ...(JSON.parse(line) as object), published: heldSince(made) });
}
