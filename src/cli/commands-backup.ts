/** backup, restore: the service's state and files, and apart from them its keys. */
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type ExitStatus, exitStatus } from './exit.ts';
import type { Bind, Session } from './session.ts';

export function addBackupCommands(program: Command, bind: Bind): void {
  program
    .command('backup')
    .description("copy the service's state and files into one archive, which no copy of the keys is in")
    .argument('<file>', 'the archive to write')
    .option('--keys <file>', 'an archive of the keys and vaults, to be kept in another place')
    .option('--wait <seconds>', 'how long a job under way is waited for; 600 if left out', seconds)
    .action(bind(backupCommand));
  program
    .command('restore')
    .description('put a backup back, into an empty database and an empty data folder')
    .argument('<file>', 'the archive')
    .option('--keys <file>', 'the archive of the keys and vaults')
    .action(bind(restoreCommand));
}

function seconds(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('Give a whole number of seconds.');
  return Number(text);
}

async function backupCommand(
  session: Session,
  [file = '']: readonly string[],
  flags: { readonly keys?: string; readonly wait?: number },
): Promise<ExitStatus> {
  const [{ readConfig }, { authSecretFile }, { backup }, { openState }] = await Promise.all([
    import('../http/config.ts'),
    import('../http/auth/auth-secret.ts'),
    import('../app/flow/backup.ts'),
    import('../store/postgres/open-state.ts'),
  ]);
  const { terminal } = session;
  const { data, database } = readConfig(terminal.env);
  const state = await openState({ url: database?.url ?? null, ownerUrl: database?.ownerUrl ?? null, data });
  try {
    const made = await backup({
      ...{ state, data, secrets: [authSecretFile], now: new Date() },
      to: resolve(terminal.cwd, file),
      keysTo: flags.keys === undefined ? null : resolve(terminal.cwd, flags.keys),
      waitMs: (flags.wait ?? 600) * 1000,
    });
    session.answer(made, () =>
      [
        `Backed up: ${made.organisations.length} organisations, ${made.rows} rows, ${made.files} files.`,
        made.keys === null
          ? '  The keys and vaults are not in it: without them no log goes on. Keep them with --keys FILE.'
          : `  ${made.keys} files of keys and vaults are apart: keep the two archives in two places.`,
        '',
      ].join('\n'),
    );
    return exitStatus.something;
  } finally {
    await state.close();
  }
}

async function restoreCommand(
  session: Session,
  [file = '']: readonly string[],
  flags: { readonly keys?: string },
): Promise<ExitStatus> {
  const [{ usableConfig }, { restore }] = await Promise.all([
    import('../http/usable-config.ts'),
    import('../app/flow/restore.ts'),
  ]);
  const { terminal } = session;
  const { data, database } = usableConfig(terminal.env);
  const put = await restore({
    ...{ from: resolve(terminal.cwd, file), data },
    keysFrom: flags.keys === undefined ? null : resolve(terminal.cwd, flags.keys),
    database: { url: database?.url ?? null, ownerUrl: database?.ownerUrl ?? null },
  });
  session.answer(put, () =>
    [
      `Put back: ${put.organisations.length} organisations, ${put.files} files.`,
      put.keys === null
        ? `  Put keys/ and vault/ of every organisation back below ${data}/organisations before the service is started.`
        : `  ${put.keys} files of keys and vaults are back too.`,
      `  The backup was made at ${put.made}. Nothing is added to a log before you say what was published of it since,`,
      '  by the newest copy that was kept elsewhere (what stands in its own log/ is of the backup):',
      ...put.organisations.map((org) => `    astold organisation resume ${org} --published LOG`),
      '  Where nothing was published since, say --nothing-published-since instead.',
      '',
    ].join('\n'),
  );
  return exitStatus.something;
}
