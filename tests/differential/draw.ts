/** Random choices, all drawn through fast-check, so that a run is told by its seed. */
import fc, { type GeneratorValue } from 'fast-check';

export type Draw = {
  readonly int: (min: number, max: number) => number;
  readonly chance: (percent: number) => boolean;
  readonly pick: <T>(from: readonly T[]) => T;
};

/** Every number as likely as any other: edges have kinds of their own. */
const evenly = (range: { min: number; max: number }): fc.Arbitrary<number> => fc.noBias(fc.integer(range));

export function drawFrom(value: GeneratorValue): Draw {
  const int = (min: number, max: number): number => value(evenly, { min, max });
  return {
    int,
    chance: (percent) => int(1, 100) <= percent,
    pick: (from) => {
      const found = from[int(0, from.length - 1)];
      if (found === undefined) throw new RangeError('nothing to pick from');
      return found;
    },
  };
}
