/** Runs SQL of nested layers as it is written: see `Intake.layered`. */
import type { Engine } from '../engine.ts';

export async function layered<T>(engine: Engine, work: () => Promise<T>): Promise<T> {
  await engine.run(engine.intake.layered.begin);
  try {
    return await work();
  } finally {
    await engine.run(engine.intake.layered.end);
  }
}
