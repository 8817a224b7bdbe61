/** serve: the service on this machine. migrate: its database brought up to date. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { addBackupCommands } from './commands-backup.ts';
import { type ExitStatus, exitStatus } from './exit.ts';
import type { Bind, Session } from './session.ts';

export function addServiceCommands(program: Command, bind: Bind): void {
  program
    .command('serve')
    .description('run the service; it is configured by ASTOLD_ variables (docs/service.md)')
    .action(bind(serveCommand));
  program
    .command('migrate')
    .description('bring the database up to date, as its owner, so that the service itself needs no owner')
    .action(bind(migrateCommand));
  addBackupCommands(program, bind);
}

async function serveCommand(session: Session): Promise<ExitStatus> {
  const [{ usableConfig }, { serve }, { untilStopped }] = await Promise.all([
    import('../http/usable-config.ts'),
    import('../http/serve.ts'),
    import('./until-stopped.ts'),
  ]);
  const config = usableConfig(session.terminal.env);
  const serving = await serve({ config, onReady: async () => {} });
  const { url } = serving;
  const durable = config.database !== null;
  const mail = config.smtpUrl === null ? 'folder' : 'smtp';
  session.answer({ url, data: config.data, durable, mail }, () =>
    [
      `AsTold on ${url}, until it is stopped.`,
      `  data: ${config.data}`,
      ...(durable
        ? []
        : [
            '  The database is embedded, for trying out: a power cut can undo what was acknowledged.',
            '  Set ASTOLD_DATABASE_URL for one that lasts.',
          ]),
      ...(mail === 'smtp'
        ? []
        : [`  Mail is not sent: it goes to files in ${join(config.data, 'mail')}, with the links in it.`]),
      '',
    ].join('\n'),
  );
  await untilStopped(() => serving.stop(config.stopSeconds));
  return exitStatus.something;
}

/** What the service does at its start where it is given the owner's address. */
async function migrateCommand(session: Session): Promise<ExitStatus> {
  const [{ readConfig }, { openState }] = await Promise.all([
    import('../http/config.ts'),
    import('../store/postgres/open-state.ts'),
  ]);
  const { data, database } = readConfig(session.terminal.env);
  const { url, ownerUrl } = database ?? { url: null, ownerUrl: null };
  const state = await openState({ url, ownerUrl, data });
  await state.close();
  session.answer({ database: state.kind }, () => 'The database is up to date.\n');
  return exitStatus.something;
}
