/**
 * Folders a run writes in before it publishes, and what killed runs left of theirs. A name carries the host, the
 * process and random letters, so that nobody takes the folder of a running process for a leftover.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

const thisHost = hostname().replace(/[^A-Za-z0-9-]/g, '_') || 'unnamed';
/** What this process has open, and would leave behind if it were killed. */
const open = new Set<string>();
/** What must be stopped before a process can end: it waits for a query that runs. */
const running = new Set<() => void>();

/** `HOST.PID.LETTERS`: who makes a folder. */
export const makerMark = (): string => `${thisHost}.${process.pid}.${randomBytes(6).toString('hex')}`;
export const markPattern = '([A-Za-z0-9_-]+)\\.(\\d+)\\.[0-9a-f]{12}';

/** `elsewhere`: of another host, or of a process id that means nothing from here; only a person can say. */
export type MakerState = 'running' | 'dead' | 'elsewhere';

/** Whether the process that made a folder still runs. `host` null: the name has none, and it was made here. */
export function makerState(path: string, host: string | null, pid: number): MakerState {
  if (host !== null && host !== thisHost) return 'elsewhere';
  if (pid === process.pid) return open.has(path) ? 'running' : 'dead';
  // Process 1 is whatever started the machine, or the only process of a container that is gone.
  if (pid === 1) return 'elsewhere';
  if (!Number.isSafeInteger(pid) || pid <= 0) return 'dead';
  try {
    process.kill(pid, 0);
    return 'running';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? 'running' : 'dead';
  }
}

/** Makes an empty folder of this process's own in `parent`, which is made too. Close it. */
export function openWorkplace(parent: string): string {
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const path = join(parent, `.work-${makerMark()}`);
  claim(path);
  mkdirSync(path, { mode: 0o700 });
  return path;
}

export function closeWorkplace(path: string): void {
  rmSync(path, { recursive: true, force: true });
  open.delete(path);
}

/** Says that a folder is this process's to remove when it is stopped. */
export const claim = (path: string): void => void open.add(path);
export const disclaim = (path: string): void => void open.delete(path);

/** Has `stop` called when this process is told to end; gives what takes that back. */
export function onAbandon(stop: () => void): () => void {
  running.add(stop);
  return () => void running.delete(stop);
}

/** Stops and removes whatever this process has open; for the end that a signal brings. Never throws. */
export function abandonAll(): void {
  for (const stop of running) stop();
  for (const path of open) {
    try {
      // The engine's threads may still be writing there.
      rmSync(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
    } catch {
      // The next run finds it, and that its process is dead.
    }
  }
}

/** Removes the work folders of dead processes; gives the paths of those that may be another host's. */
export function clearWorkplaces(parent: string): readonly string[] {
  const left: string[] = [];
  for (const name of namesIn(parent)) {
    const made = new RegExp(`^\\.work-${markPattern}$`).exec(name) ?? /^\.work-()(\d+)-[a-z0-9]+$/.exec(name);
    if (!made) continue;
    const path = join(parent, name);
    const state = makerState(path, made[1] === '' ? null : (made[1] ?? null), Number(made[2]));
    if (state === 'dead') rmSync(path, { recursive: true, force: true });
    else if (state === 'elsewhere') left.push(path);
  }
  return left;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
