/** A route of the API: what parses the input, what the answer looks like, and the use case between them. */
import type { z } from 'zod';
import type { AccountsService } from '../app/flow/accounts.ts';
import type { Actor, Answer } from '../app/flow/service.ts';
import type { Words } from '../words/words.ts';

export type ApiService = AccountsService;
export type Bytes = AsyncIterable<Uint8Array>;

/** The answer of a use case that gives out a file. */
export type FileAnswer = {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly stream: Bytes;
  /** Of a file that is said in one; else it is data. */
  readonly language?: string;
};

export type Route<I extends z.ZodType = z.ZodType, O extends z.ZodType | null = z.ZodType | null> = {
  readonly input: I;
  /** Null where the answer is a file. */
  readonly output: O;
  /** `body` is what was sent, where a file is: nothing has read it yet. `words` are of the language that is asked for. */
  run(
    service: ApiService,
    actor: Actor,
    input: z.output<I>,
    body: Bytes,
    words: Words,
  ): Promise<Answer<unknown>>;
};

/** An answer is read, never changed: its lists may be readonly. */
type Read<T> = T extends readonly (infer U)[]
  ? readonly Read<U>[]
  : T extends object
    ? { readonly [K in keyof T]: Read<T[K]> }
    : T;

export function route<I extends z.ZodType, O extends z.ZodType>(
  input: I,
  output: O,
  run: (
    service: ApiService,
    actor: Actor,
    input: z.output<I>,
    body: Bytes,
    words: Words,
  ) => Promise<Answer<Read<z.input<O>>>>,
): Route<I, O> {
  return { input, output, run };
}

export function fileRoute<I extends z.ZodType>(
  input: I,
  run: (
    service: ApiService,
    actor: Actor,
    input: z.output<I>,
    body: Bytes,
    words: Words,
  ) => Promise<Answer<FileAnswer>>,
): Route<I, null> {
  return { input, output: null, run };
}
