/** Load at a fixed rate of arrival, whoever waits: what is asked late because others are slow counts as slow. */
import { setTimeout as pause } from 'node:timers/promises';

export type Sample = {
  /** Milliseconds since the start of the load, of when it was to be asked. */
  readonly at: number;
  readonly ms: number;
  readonly what: string;
  /** `200`, or the code of the problem. */
  readonly outcome: string;
};
export type Load = { readonly samples: readonly Sample[]; readonly seconds: number };

const tick = 4;

/** `ask` gives what was asked and what came of it. Ends once all is answered. */
export async function load(
  perSecond: number,
  untilMs: number,
  ask: (i: number) => Promise<Pick<Sample, 'what' | 'outcome'>>,
): Promise<Load> {
  const from = performance.now();
  const total = Math.floor((untilMs / 1000) * perSecond);
  const samples: Sample[] = [];
  const underWay = new Set<Promise<void>>();
  for (let i = 0; i < total; ) {
    const so = performance.now() - from;
    for (; i < total && (i * 1000) / perSecond <= so; i++) {
      const at = (i * 1000) / perSecond;
      const one = ask(i)
        .catch((error: unknown) => ({ what: 'lost', outcome: codeOf(error) }))
        .then((found) => {
          samples.push({ at, ms: performance.now() - from - at, ...found });
          underWay.delete(one);
        });
      underWay.add(one);
    }
    await pause(tick);
  }
  await Promise.all(underWay);
  return { samples, seconds: (performance.now() - from) / 1000 };
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'failed';

export function percentile(samples: readonly Pick<Sample, 'ms'>[], share: number): number {
  const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function counted(samples: readonly Sample[], by: 'what' | 'outcome'): string {
  const counts = new Map<string, number>();
  for (const sample of samples) counts.set(sample[by], (counts.get(sample[by]) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
}
