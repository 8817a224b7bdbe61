/**
 * The launcher of the server's worker (`http/hire-worker.ts`). It ends with the server, however that ended, and is told by it
 * what to do: a signal that is meant for both is the server's.
 */
import { readdirSync } from 'node:fs';
import nodeModule from 'node:module';
import { constants, setPriority } from 'node:os';
import { abandonAll } from '../bulk/ingest/workplace.ts';
import type { FromWorker, ToWorker, Working } from '../http/work.ts';

const figuresEvery = 5_000;

process.umask(0o077);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('uncaughtException', fail);
process.once('disconnect', end);
if (!process.connected) end();

let working: Promise<Working> | null = null;
process.on('message', (told: ToWorker) => {
  if (told.kind === 'begin') working = begin(told.task);
  else void stop(told.waitMs);
});

async function begin(task: Extract<ToWorker, { kind: 'begin' }>['task']): Promise<Working> {
  // PGlite has one session: who holds it and is not given the processor holds up the server.
  if (task.address.kind === 'postgres') yieldToServer();
  nodeModule.enableCompileCache();
  const { work } = await import('../http/work.ts');
  const begun = await work(task);
  nodeModule.flushCompileCache();
  say({ kind: 'up' });
  sayFigures();
  setInterval(sayFigures, figuresEvery).unref();
  return begun;
}

async function stop(waitMs: number): Promise<void> {
  await (await working)?.stop(waitMs);
  end();
}

function sayFigures(): void {
  const { user, system } = process.cpuUsage();
  say({ kind: 'figures', rssBytes: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6 });
}

function say(said: FromWorker): void {
  if (process.connected) process.send?.(said);
}

/** Who answers goes first. On Linux a priority is a thread's own, and the threads of later are as the one that makes them. */
function yieldToServer(): void {
  const threads = process.platform === 'linux' ? readdirSync('/proc/self/task').map(Number) : [0];
  for (const thread of threads) {
    try {
      setPriority(thread, constants.priority.PRIORITY_LOW);
    } catch {
      // It is gone, or may not be asked: then they share alike.
    }
  }
}

function fail(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
  process.stderr.write(`${JSON.stringify({ level: 'error', code, msg: 'the worker failed' })}\n`);
  end();
}

/** Not by `process.exit`: that waits for threads of the engine and of Node, and was seen to wait for ever. Nothing is left to be written. */
function end(): void {
  abandonAll();
  process.kill(process.pid, 'SIGKILL');
}
