/** organisation add: an organisation comes onto the server. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Fault, faultMessage } from '../documents/fault.ts';
import { type ExitStatus, exitStatus } from './exit.ts';
import type { Bind, Session } from './session.ts';

type Options = {
  readonly name: string;
  readonly documents: string;
  readonly officerEmail: string;
  readonly officerName: string;
};

export function addOrganisationCommands(program: Command, bind: Bind): void {
  const organisation = program.command('organisation').description('the organisations on the server');
  organisation
    .command('add')
    .description('bring an organisation onto the server: its folder, keys, log, documents and first officer')
    .argument('<org>', 'its id, as in its astold.yaml')
    .requiredOption('--name <name>', 'its name, as people know it')
    .requiredOption('--documents <folder>', 'a folder with its documents and its data/')
    .requiredOption('--officer-email <address>', 'of its data protection officer')
    .requiredOption('--officer-name <name>', 'of its data protection officer')
    .action(bind(addCommand));
}

async function addCommand(
  session: Session,
  [org = '']: readonly string[],
  options: Options,
): Promise<ExitStatus> {
  const [{ usableConfig }, { setUp }] = await Promise.all([
    import('../http/usable-config.ts'),
    import('../http/set-up.ts'),
  ]);
  const config = usableConfig({ ASTOLD_LOG_LEVEL: 'warn', ...session.terminal.env });
  const answer = await setUp(config, {
    ...{ org, name: options.name, folder: resolve(session.terminal.cwd, options.documents) },
    officer: { email: options.officerEmail, name: options.officerName },
  });
  if (answer.kind === 'refused') {
    session.answer({ refused: answer.code, message: answer.message, faults: answer.faults ?? [] }, () =>
      [`not added: ${answer.message} [${answer.code}]`, ...(answer.faults ?? []).map(faultLine), ''].join(
        '\n',
      ),
    );
    return exitStatus.wrongUse;
  }
  const { link } = answer.value;
  session.answer({ org, link }, () =>
    [
      `${org} is on the server.`,
      link === null
        ? `  ${options.officerEmail} has an account, and signs in as before.`
        : `  Give ${options.officerName} this link; it sets their password, once, within a week:\n  ${link}`,
      '',
    ].join('\n'),
  );
  return exitStatus.something;
}

const faultLine = (fault: Fault): string =>
  `  ${fault.file}:${fault.line}:${fault.column} ${faultMessage(fault)}`;
