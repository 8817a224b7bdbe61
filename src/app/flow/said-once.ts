/** What goes wrong again and again is said when it begins, when it becomes something else, and when it is over. */

export type SaidOnce = {
  /** Whether it is to be said. */
  failed(code: string): boolean;
  /** Whether it is to be said that what was wrong is over. */
  well(): boolean;
};

/** What was not met for so long, and nobody said that it is over, is news again. Milliseconds. */
const forgotten = 60_000;

/** `now` is in milliseconds, of a clock that only goes forward. */
export function saidOnce(now: () => number): SaidOnce {
  let standing: { readonly code: string; readonly at: number } | null = null;
  return {
    failed(code) {
      const said = standing?.code === code && now() - standing.at < forgotten;
      standing = { code, at: now() };
      return !said;
    },
    well() {
      const over = standing !== null;
      standing = null;
      return over;
    },
  };
}
