/** init, lint, vocab and rules: the commands that read and write documents alone. */
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { VocabularyKind } from '../app/workspace/terms.ts';
import type { CivilDate } from '../policy/model.ts';
import { type ExitStatus, exitStatus } from './exit.ts';
import { type Bind, openWorkspace, type Session, UsageError, workspaceRoot } from './session.ts';

export function addDocumentCommands(program: Command, bind: Bind): void {
  program
    .command('init')
    .description('make a small workspace that passes its own check, with a new key')
    .argument('[folder]', 'where; the present folder if left out')
    .action(bind(init));
  program
    .command('lint')
    .description('find what is vague, missing or not quoted in notices: a person must decide')
    .argument('[files...]', 'notices; all of the workspace if left out')
    .option('--sarif', 'answer in SARIF 2.1.0, for code review')
    .option('--exit-zero', 'end with 0 whatever is found')
    .action(bind(lint));
  program
    .command('vocab')
    .description('list the terms that documents may use')
    .addArgument(program.createArgument('<kind>', 'which terms').choices(['purposes', 'data', 'bases']))
    .action(bind(vocab));
  program
    .command('rules')
    .description('list the rules in force on a day')
    .addOption(
      new Option('--on <date>', 'YYYY-MM-DD; the present day of the workspace if left out').argParser(
        civilDate,
      ),
    )
    .action(bind(rules));
}

/** A real calendar date, or what to type instead. */
export function civilDate(text: string): CivilDate {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // A day that a month does not have rolls over into the next.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError('Give a date as YYYY-MM-DD, such as 2017-05-05.');
  return text;
}

async function init(session: Session, [folder = '.']: readonly string[]): Promise<ExitStatus> {
  // Resolved, an empty name would be the present folder.
  if (folder.trim() === '') throw new UsageError('usage', 'an empty name is no folder: astold init my-club');
  const useCase = await import('../app/workspace/init.ts');
  const made = await useCase.init(resolve(session.terminal.cwd, folder));
  session.answer(made, () => {
    const key =
      made.key === 'made'
        ? 'A new key is in keys/organisation.key: keep a copy where nobody else can read it.'
        : 'The key that was there is kept.';
    return `A workspace of invented people is in ${made.root}\n  ${made.written.length} files written. ${key}\n`;
  });
  const go = folder === '.' ? '' : `cd ${folder} && `;
  session.remark(`  Next: ${go}astold lint; astold check toy-offer\n`);
  return exitStatus.something;
}

type LintFlags = { readonly sarif?: boolean; readonly exitZero?: boolean };
async function lint(session: Session, files: readonly string[], flags: LintFlags): Promise<ExitStatus> {
  const { terminal, style, options } = session;
  if (flags.sarif === true && options.json)
    throw new UsageError('usage', 'ask for --json or --sarif, not both');
  const root = await workspaceRoot(session);
  const [useCase, { showLint }] = await Promise.all([
    import('../app/workspace/lint.ts'),
    import('./show-lint.ts'),
  ]);
  const report = await useCase.lint(
    root,
    files.map((file) => resolve(terminal.cwd, file)),
  );
  if (flags.sarif === true) {
    const [{ toSarif }, { version }] = await Promise.all([
      import('../lint/sarif.ts'),
      import('../app/version.ts'),
    ]);
    terminal.out(`${JSON.stringify(toSarif(report.findings, version), null, 2)}\n`);
  } else session.answer(report, () => showLint(report, style, terminal.width));
  // A note asks something the text may well answer: it fails nothing.
  const asking = report.findings.some((finding) => finding.level !== 'note');
  return asking && flags.exitZero !== true ? exitStatus.failed : exitStatus.something;
}

async function vocab(session: Session, [kind]: readonly string[]): Promise<ExitStatus> {
  const [{ termsOf }, { columns }] = await Promise.all([
    import('../app/workspace/terms.ts'),
    import('./layout.ts'),
  ]);
  // Commander let nothing but these three through.
  const terms = termsOf(kind as VocabularyKind);
  session.answer(terms, () => {
    const rows = terms.map((term) => [
      term.term,
      term.label,
      term.parents.length === 0 ? '' : `under ${term.parents.join(', ')}`,
    ]);
    return `${columns(rows, '  ').join('\n')}\n`;
  });
  return exitStatus.something;
}

async function rules(
  session: Session,
  _: readonly string[],
  flags: { readonly on?: CivilDate },
): Promise<ExitStatus> {
  const workspace = await openWorkspace(session);
  const [{ rulesOn }, { showRules }, { dayOf }] = await Promise.all([
    import('../app/workspace/terms.ts'),
    import('./show-rules.ts'),
    import('../policy/dates.ts'),
  ]);
  const day = flags.on ?? dayOf(workspace.config.clock ?? Date.now());
  const found = rulesOn(workspace.rules, day);
  session.answer(found, () => showRules(found, session.style, session.terminal.width));
  return found.complete ? exitStatus.something : exitStatus.nothing;
}
