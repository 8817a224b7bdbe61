/** notice show, diff, at and coverage. */
import type { Command } from 'commander';
import type { Workspace } from '../documents/workspace.ts';
import type { CivilDate, CollectedBy, Notice } from '../policy/model.ts';
import { civilDate } from './commands-documents.ts';
import { type ExitStatus, exitStatus } from './exit.ts';
import { type GateFlags, gateOptions, withEngineOptions } from './gate-options.ts';
import { type Bind, openWorkspace, type Session, workspaceRoot } from './session.ts';

export function addNoticeCommands(program: Command, bind: Bind): void {
  const notice = program
    .command('notice')
    .description('what notices tell, when they may have been shown, how well they are known');
  notice
    .command('show')
    .description('show a notice version, with the digests that sign-offs quote')
    .argument('<notice>', 'notice id, such as web@2016-03')
    .action(bind(show));
  notice
    .command('diff')
    .description('show what people were newly told, and what was dropped')
    .argument('<from>', 'earlier notice id')
    .argument('<to>', 'later notice id')
    .action(bind(diff));
  notice
    .command('at')
    .description('show which versions may have been shown')
    .addArgument(
      program.createArgument('<channel>', 'how people came in').choices(['web', 'app', 'paper', 'phone']),
    )
    .argument('<date>', 'YYYY-MM-DD', civilDate)
    .action(bind(at));
  withEngineOptions(
    notice
      .command('coverage')
      .description('count the records of a source by how well their notice is known')
      .argument('<source>', 'source id'),
  ).action(bind(coverage));
}

async function show(session: Session, [id = '']: readonly string[]): Promise<ExitStatus> {
  const root = await workspaceRoot(session);
  const [useCase, { showNotice }] = await Promise.all([
    import('../app/workspace/notices.ts'),
    import('./show-notice.ts'),
  ]);
  const shown = await useCase.showNotice(root, id);
  session.answer(shown, () => showNotice(shown, session.style, session.terminal.width));
  return shown.faults.length === 0 ? exitStatus.something : exitStatus.wrongUse;
}

async function noticeOf({ notices }: Workspace, id: string): Promise<Notice> {
  const found = notices.find((notice) => notice.id === id);
  if (found) return found;
  const [{ NoticeError }, { nearest }] = await Promise.all([
    import('../app/workspace/notices.ts'),
    import('../documents/nearest.ts'),
  ]);
  throw new NoticeError(
    id,
    nearest(
      id,
      notices.map((notice) => notice.id),
    ),
  );
}

async function diff(session: Session, [from = '', to = '']: readonly string[]): Promise<ExitStatus> {
  const workspace = await openWorkspace(session);
  const [useCase, { showDiff }] = await Promise.all([
    import('../app/workspace/notice-diff.ts'),
    import('./show-notice-diff.ts'),
  ]);
  const found = useCase.diffNotices(await noticeOf(workspace, from), await noticeOf(workspace, to));
  session.answer(found, () => showDiff(found, session.style, session.terminal.width));
  return exitStatus.something;
}

async function at(session: Session, [channel, date]: readonly string[]): Promise<ExitStatus> {
  const workspace = await openWorkspace(session);
  const [useCase, { showAt }] = await Promise.all([
    import('../app/workspace/notices.ts'),
    import('./show-notice.ts'),
  ]);
  // Commander let nothing but a channel and a date through.
  const found = useCase.noticesAt(workspace, channel as CollectedBy, date as CivilDate);
  const answer = found.map(({ id, organisation, shown, printCode }) => ({
    id,
    organisation,
    shown,
    printCode,
  }));
  session.answer(answer, () => showAt(found, session.style));
  return found.length > 0 ? exitStatus.something : exitStatus.nothing;
}

async function coverage(
  session: Session,
  [source = '']: readonly string[],
  flags: GateFlags,
): Promise<ExitStatus> {
  const workspace = await openWorkspace(session);
  const [useCase, { showCoverage }, { openProgress }] = await Promise.all([
    import('../app/gate/notice-coverage.ts'),
    import('./show-coverage.ts'),
    import('./progress.ts'),
  ]);
  const progress = await openProgress(session);
  const found = await useCase
    .noticeCoverage(workspace, source, gateOptions(workspace, flags, progress.report))
    .finally(progress.end);
  session.answer(found, () => showCoverage(found, session.style, session.terminal.width));
  return found.collections.some((c) => c.records > c.known.unknown)
    ? exitStatus.something
    : exitStatus.nothing;
}
