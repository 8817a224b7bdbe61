/** Saying why a run failed: one line on standard error, or JSON on standard output. */
import { dirname, relative, sep } from 'node:path';
import { codeOf, exitStatus, statusOfError } from './exit.ts';
import { printable } from './printable.ts';
import type { Terminal } from './terminal.ts';

/** Says it. `json` asks for JSON. */
export async function sayError(error: unknown, terminal: Terminal, json: boolean): Promise<void> {
  const code = codeOf(error);
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
  const said = await wordsOf(error, terminal.cwd);
  if (json) terminal.out(`${JSON.stringify({ error: said.code, message: said.message }, null, 2)}\n`);
  else terminal.err(`error: ${said.message} [${said.code}]\n`);
  if (terminal.env.ASTOLD_DEBUG === '1' && !json && statusOfError(error) === exitStatus.failed)
    terminal.err(`${error instanceof Error ? (error.stack ?? '') : ''}\n`);
}

type Said = { readonly code: string; readonly message: string };

/** What went wrong, with paths as seen from the workspace; of a fault of the machine or of ours, one line. */
async function wordsOf(error: unknown, cwd: string): Promise<Said> {
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error) ?? 'failed';
  const path = error instanceof Error && 'path' in error ? error.path : null;
  if (typeof path === 'string') {
    const { pathTrouble } = await import('../documents/regular-file.ts');
    const trouble = pathTrouble(error);
    // The code of the system says what; the path, which a person gave or made, says where.
    if (trouble !== null) return { code, message: `${await placed(path, path, cwd)}: ${trouble}` };
  }
  const shown = await placed(message, fileOf(error), cwd);
  if (statusOfError(error) !== exitStatus.failed) return { code, message: safeLines(shown) };
  return {
    code,
    message: printable(shown.split('\n').find((line) => line.trim() !== '') ?? 'it did not finish'),
  };
}

const fileOf = (error: unknown): string | null =>
  error instanceof Error && 'file' in error && typeof error.file === 'string' ? error.file : null;

/** A text that names a path, with the workspace it is in left out; where there is none, the folder it was typed in. */
async function placed(text: string, path: string | null, cwd: string): Promise<string> {
  const { findWorkspace } = await import('../documents/workspace.ts');
  const root = findWorkspace(path === null ? cwd : dirname(path)) ?? findWorkspace(cwd);
  const from = root ?? cwd;
  const inside = path === null ? null : relative(from, path);
  // A path that climbs out is clearer whole.
  const climbs = inside === null || inside === '' || inside.startsWith('..');
  return (path === null || climbs ? text : text.replaceAll(path, inside)).replaceAll(`${from}${sep}`, '');
}

/** Printable line by line: messages of several lines keep their shape. */
function safeLines(text: string): string {
  return text
    .split('\n')
    .map((line) => /^\s*/.exec(line)?.[0] + printable(line.trimStart()))
    .join('\n');
}
