/** One run of the command line: from its words to its exit status. */
import { CommanderError } from 'commander';
import { version } from '../app/version.ts';
import { addCompletion } from './completion.ts';
import { codeOf, type ExitStatus, exitStatus, statusOfError } from './exit.ts';
import { printable } from './printable.ts';
import { buildProgram } from './program.ts';
import type { Terminal } from './terminal.ts';

/** Runs the words after `astold`. Never throws: a failure is said on standard error and is the status. */
export async function run(words: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  let status: ExitStatus = exitStatus.something;
  const program = buildProgram(terminal, version, (ended) => {
    status = ended;
  });
  try {
    addCompletion(program, words[0] === 'complete' ? await workspaceOf(terminal.cwd) : null);
    await program.parseAsync(words, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitStatus.something : exitStatus.wrongUse;
    await say(error, terminal, words.includes('--json'));
    return statusOfError(error);
  }
}

async function workspaceOf(folder: string): Promise<string | null> {
  const { findWorkspace } = await import('../documents/workspace.ts');
  return findWorkspace(folder);
}

async function say(error: unknown, terminal: Terminal, json: boolean): Promise<void> {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'document-invalid') {
    const { DocumentError, formatFaults } = await import('../documents/fault.ts');
    if (error instanceof DocumentError) {
      if (json) terminal.out(`${JSON.stringify({ error: code, faults: error.faults }, null, 2)}\n`);
      else
        terminal.err(
          `${safeLines(formatFaults(error))}\n\n${error.faults.length} fault${error.faults.length === 1 ? '' : 's'}: nothing was decided.\n`,
        );
      return;
    }
  }
  if (json) terminal.out(`${JSON.stringify({ error: code ?? 'failed', message }, null, 2)}\n`);
  else terminal.err(`error: ${safeLines(message)}${code === null ? '' : ` [${code}]`}\n`);
  if (statusOfError(error) !== exitStatus.failed || json) return;
  // Not a fault of what was asked: the place helps whoever mends it.
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const seen = (terminal.env.ASTOLD_DEBUG ?? '') !== '';
  terminal.err(
    seen
      ? `${stack}\n`
      : '  It did not finish. To see where it failed, set ASTOLD_DEBUG=1 and run it again.\n',
  );
}

/** Printable line by line: messages of several lines keep their shape. */
function safeLines(text: string): string {
  return text
    .split('\n')
    .map((line) => /^\s*/.exec(line)?.[0] + printable(line.trimStart()))
    .join('\n');
}
