/** Each thing is measured in a process of its own: what it says last on its output is one line of JSON. */
import { spawn } from 'node:child_process';

export type Stage = { readonly seconds: number };
export type Answer = {
  /** Seconds from the start of the process, its loading included, to the end of the work. */
  readonly seconds: number;
  /** Highest resident memory, in bytes. */
  readonly rss: number;
  readonly released?: number;
  readonly stages?: Readonly<Record<string, Stage>>;
  readonly notes?: Readonly<Record<string, number>>;
};

export class BenchError extends Error {
  readonly code: 'child-failed' | 'bytes-differ' | 'count-differs';
  constructor(code: BenchError['code'], message: string) {
    super(message);
    this.name = 'BenchError';
    this.code = code;
  }
}

/** Runs a script of this folder. Throws BenchError `child-failed`, with what it said. */
export async function runChild(script: string, args: readonly string[]): Promise<Answer> {
  const { status, output, errors } = await runNode([`${import.meta.dirname}/${script}`, ...args]);
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  if (status !== 0 || !last.startsWith('{')) {
    throw new BenchError('child-failed', `${script} ended with ${status}:\n${errors || output}`);
  }
  return JSON.parse(last);
}

/** What a child says at its end. */
export function answer(more: Omit<Answer, 'seconds' | 'rss'>): void {
  const rss = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ seconds: performance.now() / 1000, rss, ...more } satisfies Answer));
}

/** Runs Node on some script; the seconds are those of the whole process, seen from outside. */
export function runNode(
  args: readonly string[],
): Promise<{ status: number | null; output: string; errors: string; seconds: number }> {
  const from = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [output, errors] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      output += piece;
    });
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      errors += piece;
    });
    child.on('error', reject);
    child.on('close', (status) =>
      resolve({ status, output, errors, seconds: (performance.now() - from) / 1000 }),
    );
  });
}
