/** One run of the command line: from its words to its exit status. */
import { CommanderError } from 'commander';
import { version } from '../app/version.ts';
import { addCompletion } from './completion.ts';
import { type ExitStatus, exitStatus, statusOfError } from './exit.ts';
import { buildProgram } from './program.ts';
import { sayError } from './say-error.ts';
import type { Terminal } from './terminal.ts';

/** Runs the words after `astold`. Never throws: a failure is said on standard error and is the status. */
export async function run(words: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  let status: ExitStatus = exitStatus.something;
  const json = words.slice(0, [...words, '--'].indexOf('--')).includes('--json');
  // What the parser says of wrong use: with --json it is the message of the answer.
  let misuse = '';
  const keep = (text: string): void => {
    misuse += text;
  };
  const program = buildProgram(json ? { ...terminal, err: keep } : terminal, version, (ended) => {
    status = ended;
  });
  try {
    addCompletion(program, words[0] === 'complete' ? await workspaceOf(terminal.cwd) : null);
    await program.parseAsync(words, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitStatus.something;
      if (json)
        terminal.out(`${JSON.stringify({ error: 'usage', message: wrongWords(error, misuse) }, null, 2)}\n`);
      return exitStatus.wrongUse;
    }
    await sayError(error, terminal, json);
    return statusOfError(error);
  }
}

async function workspaceOf(folder: string): Promise<string | null> {
  const { findWorkspace } = await import('../documents/workspace.ts');
  return findWorkspace(folder);
}

/** The first lines of what the parser said, without the hint about help; where it showed the help, that help is due. */
function wrongWords(error: CommanderError, said: string): string {
  if (error.code === 'commander.help') return 'no command was given; astold --help lists them';
  const lines = said.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('Run with --help'));
  return lines.join(' ').replace(/^error: /, '') || error.message;
}
