/** The server's one worker: started, started again when it ends, and ended with the server. */
import { type ChildProcess, fork } from 'node:child_process';
import { extname, join } from 'node:path';
import type { Logger } from 'pino';
import type { FromWorker, ToWorker, WorkerTask } from './work.ts';

export type WorkerSeen = {
  /** `away`: jobs and mail wait; it is started again. */
  readonly standing: 'up' | 'starting' | 'away';
  /** As it last said; null before it did. */
  readonly figures: { readonly rssBytes: number; readonly cpuSeconds: number } | null;
};
export const notYetHired: WorkerSeen = { standing: 'starting', figures: null };
export type HiredWorker = {
  seen(): WorkerSeen;
  /** What is under way may end, for so long; then it is ended. */
  stop(waitMs: number): Promise<void>;
};

const launcher = join(import.meta.dirname, `../cli/worker${extname(import.meta.filename)}`);
const [leastPause, mostPause] = [1_000, 60_000];
/** Who was up for so long did not fail at its start: the pause begins anew. */
const soundAfter = 60_000;
/** For closing what it has open, when nothing is under way any more. */
const closingMs = 3_000;

export function hireWorker(task: WorkerTask, log: Logger): HiredWorker {
  let seen = notYetHired;
  let pauseMs = leastPause;
  let again: NodeJS.Timeout | undefined;
  let stopped = false;
  let current = start();

  function start(): ChildProcess {
    const from = performance.now();
    // No sign of how the server was run is passed on, and it stays in the server's session: its priority counts there.
    const child = fork(launcher, [], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.on('message', (said: FromWorker) => {
      if (said.kind === 'figures') seen = { ...seen, figures: said };
      else {
        seen = { ...seen, standing: 'up' };
        log.info({ worker: child.pid }, 'the worker is up');
      }
    });
    const gone = (code: number | null, signal: string | null): void => {
      seen = { standing: 'away', figures: null };
      if (stopped) return;
      if (performance.now() - from >= soundAfter) pauseMs = leastPause;
      log.error({ code, signal, pauseMs }, 'the worker ended; it is started again');
      again = setTimeout(() => {
        seen = notYetHired;
        current = start();
      }, pauseMs);
      pauseMs = Math.min(pauseMs * 2, mostPause);
    };
    child.once('exit', gone);
    // The system would not start it. What cannot be sent to one that runs is no news: it ends, or has.
    child.on('error', () => {
      if (child.pid === undefined) gone(null, null);
    });
    tell(child, { kind: 'begin', task });
    return child;
  }

  return {
    seen: () => seen,
    async stop(waitMs) {
      stopped = true;
      clearTimeout(again);
      if (hasEnded(current)) return;
      const ended = new Promise<void>((resolve) => current.once('exit', () => resolve()));
      // One that is still starting has hardly begun with anything, and whatever it has is taken up by the next.
      if (seen.standing === 'up') tell(current, { kind: 'stop', waitMs });
      else current.kill('SIGKILL');
      const late = setTimeout(() => current.kill('SIGKILL'), waitMs + closingMs);
      await ended;
      clearTimeout(late);
    },
  };
}

function tell(child: ChildProcess, said: ToWorker): void {
  if (child.connected) child.send(said, () => {});
}

const hasEnded = ({ exitCode, signalCode, pid }: ChildProcess): boolean =>
  pid === undefined || exitCode !== null || signalCode !== null;
