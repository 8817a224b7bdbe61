/** serve: the service on this machine. */
import type { Command } from 'commander';
import { addBackupCommands } from './commands-backup.ts';
import { type ExitStatus, exitStatus } from './exit.ts';
import type { Bind, Session } from './session.ts';

export function addServiceCommands(program: Command, bind: Bind): void {
  program
    .command('serve')
    .description('run the service; it is configured by ASTOLD_ variables (docs/service.md)')
    .action(bind(serveCommand));
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
  session.answer({ url, data: config.data, durable }, () =>
    [
      `AsTold on ${url}, until it is stopped.`,
      `  data: ${config.data}`,
      ...(durable
        ? []
        : [
            '  The database is embedded, for trying out: a power cut can undo what was acknowledged.',
            '  Set ASTOLD_DATABASE_URL for one that lasts.',
          ]),
      '',
    ].join('\n'),
  );
  await untilStopped(() => serving.stop(config.stopSeconds));
  return exitStatus.something;
}
