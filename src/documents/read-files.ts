/** The files of a workspace as text. What cannot be read is a fault, never left out in silence. */
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Fault, FaultCode } from './fault.ts';
import { pathTrouble, readRegular } from './regular-file.ts';

export const workspaceFile = 'astold.yaml';

/** `file` is relative to the workspace, with forward slashes. */
export type TextFile = { readonly file: string; readonly text: string };
export type ReadFiles = { readonly files: readonly TextFile[]; readonly faults: readonly Fault[] };

/** Documents are written by people; anything larger is a data file in the wrong place. */
const largest = 8 * 1024 * 1024;

export function fileFault(file: string, code: FaultCode, expected: string, help: string | null): Fault {
  return {
    code,
    file,
    line: 1,
    column: 1,
    length: 1,
    found: null,
    expected,
    suggestion: null,
    help,
    rule: null,
  };
}

/** Every document of a folder and its subfolders, in order of name; none where there is no such folder. */
export async function readFolder(
  root: string,
  folder: string,
  extension: '.yaml' | '.md',
): Promise<ReadFiles> {
  const listed = await list(join(root, folder));
  if ('trouble' in listed) {
    const expected = `a folder that can be listed (${listed.trouble})`;
    return { files: [], faults: [fileFault(folder, 'document-unreadable', expected, null)] };
  }
  const files = listed.names
    .map((name) => `${folder}/${name.split(sep).join('/')}`)
    .filter((file) => !/(^|\/)\./.test(file));
  const misnamed = files.filter((file) => /\.(ya?ml|json)$/i.test(file) && !file.endsWith(extension));
  const read = await Promise.all(
    files.filter((file) => file.endsWith(extension)).map((file) => readText(root, file)),
  );
  return {
    files: read.flatMap((r) => (r.kind === 'text' ? [{ file: r.file, text: r.text }] : [])),
    faults: [
      ...misnamed.map((file) =>
        fileFault(
          file,
          'document-unreadable',
          `a file name ending in ${extension}: others are not read`,
          null,
        ),
      ),
      ...read.flatMap((r) => (r.kind === 'fault' ? [r.fault] : r.kind === 'absent' ? [absent(r.file)] : [])),
    ],
  };
}

export type ReadText =
  | ({ readonly kind: 'text' } & TextFile)
  | { readonly kind: 'absent'; readonly file: string }
  | { readonly kind: 'fault'; readonly file: string; readonly fault: Fault };

export async function readText(root: string, file: string): Promise<ReadText> {
  try {
    const bytes = await readRegular(join(root, file));
    if (bytes.length > largest) {
      return {
        kind: 'fault',
        file,
        fault: fileFault(file, 'document-unreadable', 'a document of at most 8 MB', null),
      };
    }
    return { kind: 'text', file, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ('code' in error && error.code === 'ENOENT') return { kind: 'absent', file };
    const expected =
      error instanceof TypeError
        ? 'a file in UTF-8'
        : `a file that can be read (${pathTrouble(error) ?? codeOf(error)})`;
    return { kind: 'fault', file, fault: fileFault(file, 'document-unreadable', expected, null) };
  }
}

export function absent(file: string): Fault {
  return fileFault(
    file,
    'document-missing',
    'this document to be there',
    'astold init makes a workspace with every document.',
  );
}

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : error.name);

async function list(folder: string): Promise<{ names: readonly string[] } | { trouble: string }> {
  try {
    const entries = await readdir(folder, { recursive: true });
    return { names: entries.sort() };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ('code' in error && error.code === 'ENOENT') return { names: [] };
    return { trouble: pathTrouble(error) ?? codeOf(error) };
  }
}
