/** organisation add, resume: an organisation comes onto the server; its log goes on after a restore. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Told } from '../app/flow/resume-log.ts';
import { type Fault, faultMessage } from '../documents/fault.ts';
import { type ExitStatus, exitStatus } from './exit.ts';
import { type Bind, type Session, UsageError } from './session.ts';

type Options = {
  readonly name: string;
  readonly documents: string;
  readonly officerEmail: string;
  readonly officerName: string;
  readonly leaveKeys?: true;
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
    .option('--leave-keys', 'leave keys/ of the folder behind, unused: the server makes its own')
    .action(bind(addCommand));
  organisation
    .command('resume')
    .description('let the log of an organisation go on that was put back from a backup')
    .argument('<org>', 'its id')
    .option(
      '--published <log>',
      'the newest checkpoint that was published, kept elsewhere: its file, a copy of the folder of the log, or where one is served',
    )
    .option(
      '--accept-loss',
      'more was published than is here: keep its entries, though not what they were of',
    )
    .option('--nothing-published-since', 'nothing was published after the backup; this goes into the log')
    .option(
      '--witnesses-unchanged',
      'the witnesses say it: those of the backup, and how many must cosign, are as they were when it was published last',
    )
    .action(bind(resumeCommand));
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
    leaveKeys: options.leaveKeys === true,
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

type ResumeOptions = {
  readonly published?: string;
  readonly acceptLoss?: true;
  readonly nothingPublishedSince?: true;
  readonly witnessesUnchanged?: true;
};

async function resumeCommand(
  session: Session,
  [org = '']: readonly string[],
  options: ResumeOptions,
): Promise<ExitStatus> {
  const told = await toldBy(session, options);
  const [{ usableConfig }, { operate }, { resumeLog }] = await Promise.all([
    import('../http/usable-config.ts'),
    import('../http/operate.ts'),
    import('../app/flow/resume-log.ts'),
  ]);
  const config = usableConfig({ ASTOLD_LOG_LEVEL: 'warn', ...session.terminal.env });
  const answer = await operate(config, (service) => resumeLog(service, org, told));
  if (answer.kind === 'refused') {
    session.answer(
      { refused: answer.code, message: answer.message },
      () => `not resumed: ${answer.message} [${answer.code}]\n`,
    );
    return exitStatus.wrongUse;
  }
  const { size, lost, witnesses } = answer.value;
  session.answer({ org, size, lost, witnesses }, () =>
    [
      `The log of ${org} goes on after its ${size} entries; that it was put back is the next of them.`,
      ...(lost === 0n
        ? []
        : [
            `  Of the last ${lost} the service knows only that they were: everything is frozen until an officer lifts it.`,
          ]),
      '  Its officers and auditors are told by mail.',
      ...witnesses.map((each) =>
        each.kind === 'cosigned' ? `  ${each.name} cosigned` : `  ${each.name}: ${each.why}`,
      ),
      '',
    ].join('\n'),
  );
  return exitStatus.something;
}

async function toldBy({ terminal }: Session, options: ResumeOptions): Promise<Told> {
  const {
    published,
    acceptLoss = false,
    nothingPublishedSince = false,
    witnessesUnchanged = false,
  } = options;
  if (nothingPublishedSince && (published !== undefined || acceptLoss))
    throw new UsageError('usage', 'nothing was published since, or something was: not both');
  if (witnessesUnchanged && (published !== undefined || acceptLoss || nothingPublishedSince))
    throw new UsageError('usage', 'either the witnesses say what was published, or you do: not both');
  if (published === undefined) {
    if (acceptLoss)
      throw new UsageError('usage', 'what is lost is taken from the published log: give it, --published LOG');
    return nothingPublishedSince
      ? { kind: 'nothing-since' }
      : { kind: 'witnesses', unchanged: witnessesUnchanged };
  }
  const { publishedElsewhere } = await import('../app/log/published-elsewhere.ts');
  return { kind: 'published', ...(await publishedElsewhere(published, terminal.cwd)), acceptLoss };
}

const faultLine = (fault: Fault): string =>
  `  ${fault.file}:${fault.line}:${fault.column} ${faultMessage(fault)}`;
