/** What was said, or done, in several parts, of which some are recorded when something comes in between: their receipts are not lost. */
import type { Answer, Refused } from '../flow/service.ts';

export type SayErrorCode =
  /** The `recorded` hold; what came after them does not, or nobody knows. */
  | 'said-in-part'
  /** All of it holds; what was to be told of it could not be. */
  | 'said-untold'
  /** What was begun cannot be undone, and has no receipt: it may hold in part, in whole, or not yet. */
  | 'cut-short';

/** `cause`: what came in between. */
export class SayError extends Error {
  readonly code: SayErrorCode;
  /** Their events, in the order they were said. */
  readonly recorded: readonly string[];
  constructor(code: SayErrorCode, recorded: readonly string[], options: ErrorOptions) {
    super(`${recorded.length} recorded: ${code}`, options);
    this.name = 'SayError';
    this.code = code;
    this.recorded = recorded;
  }
}

/** `next`, said after what is recorded already. Throws SayError `said-in-part` where it throws and anything is recorded. */
export const saidAfter = <T>(recorded: readonly string[], next: () => Promise<T>): Promise<T> =>
  withRecorded('said-in-part', recorded, next);

/** `tell`, of what is all recorded. Throws SayError `said-untold` where it throws. */
export const toldOf = <T>(recorded: readonly string[], tell: () => Promise<T>): Promise<T> =>
  withRecorded('said-untold', recorded, tell);

/** `work`, of several parts that are written each for itself. Throws SayError `cut-short` where it throws after `begin`. */
export async function begunOnce<T>(work: (begin: () => void) => Promise<T>): Promise<T> {
  let isBegun = false;
  try {
    return await work(() => {
      isBegun = true;
    });
  } catch (error) {
    throw isBegun ? new SayError('cut-short', [], { cause: error }) : error;
  }
}

async function withRecorded<T>(
  code: SayErrorCode,
  recorded: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (recorded.length === 0) throw error;
    // Of one in another, what came in between first is what the last part met.
    const [before, cause] =
      error instanceof SayError && error.code !== 'cut-short'
        ? [error.recorded, error.cause]
        : [[] as readonly string[], error];
    throw new SayError(code, [...recorded, ...before], { cause });
  }
}

/** The refusal of a later part, with what is recorded before it. */
export const refusedAfter = (recorded: readonly string[], refusal: Refused): Refused =>
  recorded.length === 0 ? refusal : { ...refusal, recorded };

/** The events of an answer that was refused in part. */
export const recordedBefore = (answer: Answer<unknown>): readonly string[] =>
  answer.kind === 'refused' ? (answer.recorded ?? []) : [];
