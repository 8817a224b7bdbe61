/** What every command gets: the terminal, the global options, and the workspace when it asks for it. */
import { resolve } from 'node:path';
import type { Workspace } from '../documents/workspace.ts';
import type { ExitStatus } from './exit.ts';
import { type Style, styleFor, type Terminal } from './terminal.ts';

export type UsageErrorCode =
  | 'usage'
  | 'workspace-missing'
  /** What was to be written is there already. */
  | 'out-exists'
  /** `--as` needs to know how the parties are reached. */
  | 'contacts-missing';
/** The command line itself is wrong; the message says what to type. */
export class UsageError extends Error {
  readonly code: UsageErrorCode;
  constructor(code: UsageErrorCode, message: string) {
    super(message);
    this.name = 'UsageError';
    this.code = code;
  }
}

export type GlobalOptions = {
  readonly workspace: string | null;
  readonly json: boolean;
  readonly color: boolean;
  readonly quiet: boolean;
};
export type Session = {
  readonly terminal: Terminal;
  readonly options: GlobalOptions;
  readonly style: Style;
  /** Writes the result: as JSON where `--json` is given, else as text. */
  readonly answer: (value: unknown, text: () => string) => void;
  /** A remark beside the result; not shown with `--quiet` or `--json`. */
  readonly remark: (text: string) => void;
};
/** Makes a commander action of a command: opens the session, runs it, and hands on how it ends. */
export type Bind = <F>(
  run: (session: Session, args: readonly string[], flags: F) => Promise<ExitStatus>,
) => (...given: unknown[]) => Promise<void>;

export function openSession(terminal: Terminal, options: GlobalOptions): Session {
  return {
    terminal,
    options,
    style: styleFor(terminal, options.color),
    answer(value, text) {
      terminal.out(options.json ? `${JSON.stringify(value, jsonValue, 2)}\n` : text());
    },
    remark(text) {
      if (!options.quiet && !options.json) terminal.out(text);
    },
  };
}

function jsonValue(_: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value);
  return typeof value === 'bigint' ? value.toString() : value;
}

/** The root of the workspace: `--workspace`, or the nearest folder upwards that holds `astold.yaml`. */
export async function workspaceRoot({ terminal, options }: Session): Promise<string> {
  const { findWorkspace } = await import('../documents/workspace.ts');
  const from = options.workspace === null ? terminal.cwd : resolve(terminal.cwd, options.workspace);
  const root = findWorkspace(from);
  if (root === null || (options.workspace !== null && root !== from)) {
    throw new UsageError(
      'workspace-missing',
      `no workspace ${options.workspace === null ? `in ${from} or above it` : `in ${from}`}: there is no astold.yaml.\n  Make one: astold init ${options.workspace ?? 'my-club'}   or name one: --workspace FOLDER`,
    );
  }
  return root;
}

/** The workspace, read and checked. Throws DocumentError with every fault. */
export async function openWorkspace(session: Session): Promise<Workspace> {
  const root = await workspaceRoot(session);
  const { loadWorkspace } = await import('../documents/workspace.ts');
  return loadWorkspace(root);
}

/** Null where there is no workspace around, and none was named. */
export async function rootOrNull(session: Session): Promise<string | null> {
  if (session.options.workspace !== null) return workspaceRoot(session);
  const { findWorkspace } = await import('../documents/workspace.ts');
  return findWorkspace(session.terminal.cwd);
}
