/** Progress on standard error, where that is a terminal; elsewhere silence. */
import type { Progress } from '../app/gate/context.ts';
import { number } from '../policy/figures.ts';
import type { Session } from './session.ts';

export type ProgressBar = {
  readonly report: Progress;
  /** Must be called, whatever happened. */
  readonly end: () => void;
};

/** Milliseconds a stage may take before it is shown: what is over at once needs no bar. */
const patience = 150;

type Stage = { readonly name: string; readonly since: number; done: number; total: number | null };
type Drawn = { update: (stage: Stage) => void; stop: () => void };

/** A bar a stage. With `--quiet` or `--json`, and where standard error is no terminal, nothing is shown or loaded. */
export async function openProgress({ terminal, options }: Session): Promise<ProgressBar> {
  const stream = terminal.progress;
  if (stream === null || options.quiet || options.json) return { report: () => {}, end: () => {} };
  const { default: cliProgress } = await import('cli-progress');
  let stage: Stage | null = null;
  let drawn: Drawn | null = null;
  let waiting: NodeJS.Timeout | null = null;

  const draw = (of: Stage): Drawn => {
    const known = of.total !== null && of.total > 0;
    const bar = new cliProgress.SingleBar({
      format: known ? ' {stage} {bar} {done} / {all}  {seconds} s' : ' {stage} {done}  {seconds} s',
      stream,
      barCompleteChar: '━',
      barIncompleteChar: '─',
      barsize: 20,
      hideCursor: true,
      fps: 10,
    });
    const shown = (at: Stage) => ({
      stage: at.name.padEnd(10),
      done: number(at.done),
      all: number(at.total ?? 0),
      seconds: ((performance.now() - at.since) / 1000).toFixed(1),
    });
    bar.start(known ? (of.total ?? 1) : 1, known ? of.done : 0, shown(of));
    return {
      update: (at) => bar.update(at.total === null ? 0 : Math.min(at.done, at.total), shown(at)),
      stop: () => bar.stop(),
    };
  };
  const end = () => {
    if (waiting !== null) clearTimeout(waiting);
    drawn?.stop();
    stage = drawn = waiting = null;
  };
  return {
    report(name, done, total) {
      if (stage?.name !== name) {
        end();
        const begun: Stage = { name, since: performance.now(), done, total };
        stage = begun;
        waiting = setTimeout(() => {
          drawn = draw(begun);
        }, patience);
      }
      stage.done = done;
      stage.total = total;
      drawn?.update(stage);
    },
    end,
  };
}
