/**
 * Pseudo-random numbers that are the same on every machine: 32-bit integer arithmetic only, and counter-based, so
 * that any row can be made again without making those before it.
 */
export type Draw = {
  /** Moves to the beginning of the numbers of one row of one stream. */
  at(stream: number, row: number): void;
  /** The next integer, 0 <= n < 2^32. */
  next(): number;
  /** The next integer, 0 <= n < limit. */
  below(limit: number): number;
  /** True for about `n` in 10,000. */
  chance(n: number): boolean;
};

function mix(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

export function createDraw(seed: number): Draw {
  let state = 0;
  let step = 1;
  const next = (): number => {
    state = (state + step) | 0;
    return mix(state);
  };
  const below = (limit: number): number => Math.floor((next() / 4294967296) * limit);
  return {
    at(stream, row) {
      const origin = mix(seed ^ Math.imul(stream + 1, 0x9e3779b9));
      state = mix(origin ^ row);
      // A step of its own for each row: two rows whose states meet do not go on as one.
      step = (mix(state ^ Math.imul(row, 0x85ebca6b) ^ origin) | 1) >>> 0;
    },
    next,
    below,
    chance: (n) => below(10_000) < n,
  };
}

/** Indices repeated in proportion to their weights, for one look-up a draw. */
export type Weighted = { readonly slots: Uint16Array };

export function weighted(weights: readonly number[]): Weighted {
  const size = 65_536;
  const total = weights.reduce((sum, w) => sum + w, 0);
  const slots = new Uint16Array(size);
  let from = 0;
  let sum = 0;
  weights.forEach((weight, index) => {
    sum += weight;
    const until = index === weights.length - 1 ? size : Math.floor((sum / total) * size);
    slots.fill(index, from, until);
    from = until;
  });
  return { slots };
}

export function pick(draw: Draw, table: Weighted): number {
  return table.slots[draw.next() >>> 16] as number;
}
