/** check, release, explain and ingest: the commands that open the gate. Each loads its use case when it is called. */
import { relative, sep } from 'node:path';
import type { Command } from 'commander';
import type { Reading } from '../app/gate/begin-reading.ts';
import type { Outcome } from '../app/gate/outcome.ts';
import type { Release } from '../app/gate/release.ts';
import type { Workspace } from '../documents/workspace.ts';
import { dayOf } from '../policy/dates.ts';
import { type ExitStatus, exitStatus, statusOfRefusal } from './exit.ts';
import { type GateFlags, gateOptions, withAsOf, withEngineOptions } from './gate-options.ts';
import { printable } from './printable.ts';
import { type Bind, openWorkspace, type Session, UsageError } from './session.ts';

export function addGateCommands(program: Command, bind: Bind): void {
  const request = 'request id, or the path of its file';
  withAsOf(
    withEngineOptions(
      program
        .command('check')
        .description('say what would happen to every record, and why; releases nothing')
        .argument('<request>', request),
    ),
  ).action(bind(check));
  withAsOf(
    withEngineOptions(
      program
        .command('release')
        .description('check, and write the package of those who may go')
        .argument('<request>', request)
        .option('--to <organisation>', 'and seal it for this party of the chain, which has an age-key'),
    ),
  ).action(bind(release));
  withAsOf(
    withEngineOptions(
      program
        .command('explain')
        .description('say why one record would go or not')
        .argument('<request>', request),
    ),
  )
    .requiredOption('--person <id>', 'record id')
    .action(bind(explain));
  withEngineOptions(
    program
      .command('ingest')
      .description('read sources and suppression lists once, and say what cannot be read')
      .argument('[source]', 'source id; every source if left out'),
  ).action(bind(ingest));
}

async function progressOf(session: Session) {
  const { openProgress } = await import('./progress.ts');
  return openProgress(session);
}

async function requestId(workspace: Workspace, reference: string): Promise<string> {
  const { findRequest } = await import('../documents/workspace.ts');
  const found = findRequest(workspace, reference);
  if (found) return found.id;
  const known = workspace.requests.map((r) => r.id).join(', ') || 'none';
  throw new UsageError(
    'usage',
    `no request "${reference}" here.\n  The requests of this workspace: ${known}`,
  );
}

/** The files are digested from here on, while the use case is loaded. */
async function beginReading(workspace: Workspace, id: string): Promise<Reading | null> {
  const begin = await import('../app/gate/begin-reading.ts');
  return begin.beginReading(workspace, id);
}

async function check(
  session: Session,
  [reference = '']: readonly string[],
  flags: GateFlags,
): Promise<ExitStatus> {
  const workspace = await openWorkspace(session);
  const id = await requestId(workspace, reference);
  const reading = await beginReading(workspace, id);
  const useCase = await import('../app/gate/check.ts');
  const progress = await progressOf(session);
  const outcome = await useCase
    .check(workspace, id, { ...gateOptions(workspace, flags, progress.report), reading })
    .finally(progress.end);
  const { shown, report, text } = await keepAndShow(session, workspace, outcome);
  session.answer({ ...shown, report }, () => text);
  session.remark(`\n  Report: ${report}\n${outcome.released > 0 ? approvalHint(workspace, id) : ''}`);
  return outcome.released > 0 ? exitStatus.something : exitStatus.nothing;
}

/** Keeps the report of an outcome, and says it for the terminal with paths as seen from there. */
async function keepAndShow({ style, terminal }: Session, workspace: Workspace, outcome: Outcome) {
  const [{ showOutcome }, { keepReport, placedIn }] = await Promise.all([
    import('./show-outcome.ts'),
    import('./keep-report.ts'),
  ]);
  const report = await keepReport(workspace, outcome, terminal.cwd);
  const shown = placedIn(terminal.cwd, outcome);
  return { shown, report, text: showOutcome(shown, style, terminal.width) };
}

function approvalHint(workspace: Workspace, id: string): string {
  const request = workspace.requests.find((r) => r.id === id);
  if (!request || workspace.approvals.some((a) => a.request === id && a.requestDigest === request.digest)) {
    return `  Next: astold release ${id}\n`;
  }
  // An approval says who and why: what is left empty is not taken.
  const approval = `${id}-${request.digest.slice(0, 8)}`;
  return [
    `  Next: someone other than ${printable(request.preparedBy)} approves it, in approvals/${approval}.yaml:`,
    `    approval: ${approval}`,
    `    request: ${id}`,
    `    request-digest: "${request.digest}"`,
    '    by:',
    `    on: ${dayOf(Date.now())}`,
    '    lawful-because:',
    '',
  ].join('\n');
}

/** For whom a release can be sealed: parties of the chain whose key is known, or else the one who gets it first. */
function sealHint({ config, requests, supply }: Workspace, id: string, release: string): string {
  if (config.kind === 'reconstruction') return '';
  const chain = requests.find((each) => each.id === id)?.chain.map((party) => party.organisation) ?? [];
  const ready = chain.filter((party) => (supply.keys.get(party)?.age ?? null) !== null);
  const [first] = chain;
  if (first === undefined) return '';
  const seal = (party: string): string =>
    `  Next: astold seal ${printable(release)} --to ${printable(party)}; they owe a countersignature\n`;
  if (ready.length > 0) return ready.map(seal).join('');
  return `  Next: ask ${printable(first)} for the age-key that astold recipient-keys ${printable(first)} makes, and then\n      astold seal ${printable(release)} --to ${printable(first)}; they owe a countersignature\n`;
}

async function release(
  session: Session,
  [reference = '']: readonly string[],
  flags: GateFlags & { readonly to?: string },
): Promise<ExitStatus> {
  const workspace = await openWorkspace(session);
  const id = await requestId(workspace, reference);
  if (flags.to !== undefined) return releaseTo(session, workspace, id, flags.to, flags);
  const reading = await beginReading(workspace, id);
  const [useCase, { showRefusal, showRelease }] = await Promise.all([
    import('../app/gate/release.ts'),
    import('./show-release.ts'),
  ]);
  const progress = await progressOf(session);
  const result: Release = await useCase
    .release(workspace, id, { ...gateOptions(workspace, flags, progress.report), reading })
    .finally(progress.end);
  switch (result.kind) {
    case 'released': {
      const { shown, report, text } = await keepAndShow(session, workspace, result.outcome);
      const { style, terminal } = session;
      session.answer(
        { ...result, outcome: shown, report },
        () => text + showRelease(result, workspace, style, terminal),
      );
      session.remark(`  Report: ${report}\n${sealHint(workspace, id, result.release)}`);
      return exitStatus.something;
    }
    case 'nothing': {
      const { shown, report, text } = await keepAndShow(session, workspace, result.outcome);
      session.answer({ ...result, outcome: shown, report }, () => text);
      session.remark(`\n  No package was written.\n  Report: ${report}\n`);
      return exitStatus.nothing;
    }
    case 'refused':
      if (session.options.json) session.answer(result, () => '');
      else session.terminal.err(showRefusal(result));
      return statusOfRefusal(result.code);
  }
}

async function releaseTo(
  session: Session,
  workspace: Workspace,
  id: string,
  recipient: string,
  flags: GateFlags,
): Promise<ExitStatus> {
  const [useCase, { showRefusal, showRelease }, { sealedNext, showSealed, showUnsealed }] = await Promise.all(
    [import('../app/gate/release-to.ts'), import('./show-release.ts'), import('./show-sealed.ts')],
  );
  const progress = await progressOf(session);
  const done = await useCase
    .releaseTo(workspace, id, recipient, gateOptions(workspace, flags, progress.report))
    .finally(progress.end);
  const { terminal, style } = session;
  if (done.kind === 'unsealable') {
    if (session.options.json) session.answer(done, () => '');
    else terminal.err(showUnsealed(done));
    return exitStatus.failed;
  }
  const { release: result, sealed } = done;
  if (result.kind === 'refused' && sealed === null) {
    if (session.options.json) session.answer(done, () => '');
    else terminal.err(showRefusal(result));
    return statusOfRefusal(result.code);
  }
  const kept = result.kind === 'refused' ? null : await keepAndShow(session, workspace, result.outcome);
  const shown = kept === null ? result : { ...result, outcome: kept.shown, report: kept.report };
  session.answer({ ...done, release: shown }, () =>
    [
      kept?.text ?? '',
      result.kind === 'released' ? showRelease(result, workspace, style, terminal) : '',
      sealed?.kind === 'sealed' ? showSealed(sealed, terminal.cwd) : '',
    ].join(''),
  );
  if (kept !== null) session.remark(`  Report: ${kept.report}\n`);
  if (sealed === null) return exitStatus.nothing;
  if (sealed.kind === 'sealed') {
    session.remark(sealedNext(sealed, terminal.cwd));
    return exitStatus.something;
  }
  // The release stands, and was handed to nobody.
  if (!session.options.json) terminal.err(showUnsealed(sealed));
  return exitStatus.failed;
}

type ExplainFlags = GateFlags & { readonly person: string };
async function explain(
  session: Session,
  [reference = '']: readonly string[],
  flags: ExplainFlags,
): Promise<ExitStatus> {
  const workspace = await openWorkspace(session);
  const id = await requestId(workspace, reference);
  const [useCase, { showExplanation }] = await Promise.all([
    import('../app/gate/explain.ts'),
    import('./show-explanation.ts'),
  ]);
  const progress = await progressOf(session);
  const explanation = await useCase
    .explain(workspace, id, flags.person, gateOptions(workspace, flags, progress.report))
    .finally(progress.end);
  session.answer(explanation, () => showExplanation(explanation, session.style, session.terminal.width));
  return explanation.released ? exitStatus.something : exitStatus.nothing;
}

async function ingest(session: Session, [source]: readonly string[], flags: GateFlags): Promise<ExitStatus> {
  const workspace = await openWorkspace(session);
  const [useCase, { showIngested }] = await Promise.all([
    import('../app/gate/ingest.ts'),
    import('./show-ingested.ts'),
  ]);
  const progress = await progressOf(session);
  const ingested = await useCase
    .ingest(workspace, source ?? null, gateOptions(workspace, flags, progress.report))
    .finally(progress.end);
  // As seen from where the command was typed.
  const here = relative(session.terminal.cwd, workspace.root);
  session.answer(ingested, () =>
    showIngested(ingested, session.style).replaceAll(
      `${workspace.root}${sep}`,
      here === '' ? '' : `${here}${sep}`,
    ),
  );
  const whole =
    ingested.lists.every((list) => list.snapshot.readable) &&
    ingested.sources.every((s) => s.snapshot.preferencesReadable);
  return whole ? exitStatus.something : exitStatus.wrongUse;
}
