/** Use case: lint the notices of a workspace, whether or not the workspace loads. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { parse } from 'yaml';
import { pathTrouble, readRegular } from '../../documents/regular-file.ts';
import type { LintFinding } from '../../lint/finding.ts';
import { lintNotice } from '../../lint/lint-notice.ts';

export type LintReport = {
  /** In the order of the files' names, then of their text. */
  readonly findings: readonly LintFinding[];
  /** How many notices were read, or tried. */
  readonly notices: number;
};

export type LintErrorCode = 'no-notices' | 'file-missing';
/**
 * `no-notices`: the workspace holds no notice, so nothing was looked at: not the same as nothing found.
 * `file-missing`: a notice that was named is not there.
 */
export class LintError extends Error {
  readonly code: LintErrorCode;
  constructor(code: LintErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LintError';
    this.code = code;
  }
}

/**
 * Lints `files`, or every `notices/*.md` under `root` where none is named. A file that cannot be read is a finding.
 * Throws LintError.
 */
export async function lint(root: string, files: readonly string[]): Promise<LintReport> {
  const paths = files.length > 0 ? files.map((file) => resolve(file)) : await noticesUnder(root);
  if (paths.length === 0) {
    throw new LintError('no-notices', `no notices to lint: ${join(root, 'notices')} holds no .md file`);
  }
  const absent = files.length === 0 ? [] : paths.filter((path) => !existsSync(path));
  if (absent.length > 0) {
    const list = absent.map((path) => relative(root, path)).join(', ');
    throw new LintError('file-missing', `there is no ${list}; name notices as they lie, or none for all`);
  }
  const names = await organisationNames(root);
  const findings: LintFinding[] = [];
  for (const path of paths) {
    const file = relative(root, path).split(sep).join('/');
    findings.push(...(await lintFile(file, path, (id) => names.get(id) ?? [])));
  }
  return { findings, notices: paths.length };
}

async function lintFile(
  file: string,
  path: string,
  namesOf: (id: string) => readonly string[],
): Promise<readonly LintFinding[]> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readRegular(path));
    return lintNotice({ file, text, namesOf });
  } catch (error) {
    // A fault of ours is not a fault of the file.
    if (!isReadError(error)) throw error;
    const cause =
      error instanceof TypeError
        ? 'it is not UTF-8'
        : (pathTrouble(error) ?? `${(error as NodeJS.ErrnoException).code}`);
    const at = { line: 1, column: 1, endLine: 1, endColumn: 1 };
    const message = `the file cannot be read: ${cause}`;
    return [
      {
        rule: 'document',
        id: 'document/unreadable',
        level: 'error',
        file,
        ...at,
        message,
        label: 'policy',
        source: 'rule C9',
      },
    ];
  }
}

function isReadError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code === 'ERR_ENCODING_INVALID_ENCODED_DATA' || code === 'not-a-file' || /^E[A-Z]+$/.test(code);
}

async function noticesUnder(root: string): Promise<readonly string[]> {
  const folder = join(root, 'notices');
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => name.endsWith('.md'))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    throw new LintError('no-notices', `no notices to lint: ${folder} cannot be listed`, { cause: error });
  }
}

/** Legal names and aliases by id. A register that cannot be read gives none, and then no name is taken as said. */
async function organisationNames(root: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const names = new Map<string, readonly string[]>();
  let register: unknown;
  try {
    register = parse((await readRegular(join(root, 'organisations.yaml'))).toString('utf8'), {
      logLevel: 'silent',
    });
  } catch {
    return names;
  }
  for (const entry of listIn(register, 'organisations')) {
    const id = fieldOf(entry, 'id');
    if (typeof id !== 'string') continue;
    const words = [fieldOf(entry, 'legal-name'), ...listIn(entry, 'aliases')];
    names.set(
      id,
      words.filter((word): word is string => typeof word === 'string' && word !== ''),
    );
  }
  return names;
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
function listIn(value: unknown, key: string): readonly unknown[] {
  const list = fieldOf(value, key);
  return Array.isArray(list) ? list : [];
}
