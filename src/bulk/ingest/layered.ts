/** Runs SQL in a manner of its own: see `Intake.layered` and `Intake.unordered`. */
import type { Engine } from '../engine.ts';

type Manner = { readonly begin: string; readonly end: string };

/** SQL of nested layers, as it is written. */
export const layered = <T>(engine: Engine, work: () => Promise<T>): Promise<T> =>
  within(engine, engine.intake.layered, work);

/** SQL whose rows may come in any order. */
export const unordered = <T>(engine: Engine, work: () => Promise<T>): Promise<T> =>
  within(engine, engine.intake.unordered, work);

async function within<T>(engine: Engine, { begin, end }: Manner, work: () => Promise<T>): Promise<T> {
  await engine.run(begin);
  try {
    return await work();
  } finally {
    await engine.run(end);
  }
}
