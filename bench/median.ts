/** The value in the middle; of an even number, the lower of the two. */
export function medianOf<T>(values: readonly T[], by: (value: T) => number): T {
  const sorted = [...values].sort((a, b) => by(a) - by(b));
  const middle = sorted[(sorted.length - 1) >> 1];
  if (middle === undefined) throw new RangeError('a median of nothing');
  return middle;
}

export const median = (values: readonly number[]): number => medianOf(values, (value) => value);
