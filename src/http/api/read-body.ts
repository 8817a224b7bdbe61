/** Reads a body that is small and JSON. */
import { HttpProblem } from '../problems.ts';

/** A whole document with its text takes far less. */
export const largestBody = 1_000_000;
const slowestMs = 30_000;

/** The object that was sent; an empty one where nothing was. Throws HttpProblem. */
export async function readJson(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const bytes = await readBytes(request);
  if (bytes.length === 0) return {};
  const type = request.headers.get('Content-Type') ?? 'none';
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type))
    throw new HttpProblem({ code: 'content-type-unknown', detail: 'expected application/json in UTF-8' });
  const parsed = parsedOf(bytes);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new HttpProblem({
      code: 'input-invalid',
      detail: 'expected a JSON object',
      errors: [{ pointer: '', message: 'expected an object' }],
    });
  return parsed as Readonly<Record<string, unknown>>;
}

function parsedOf(bytes: Buffer): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new HttpProblem({ code: 'json-broken', detail: 'expected JSON in UTF-8' }, { cause: error });
  }
  if (isTooDeep(parsed))
    throw new HttpProblem({ code: 'json-broken', detail: `expected no more than ${deepest} levels` });
  return parsed;
}

/** Deeper than any document is; what is as deep as a body is long would exhaust the stack of whoever walks it. */
const deepest = 32;
function isTooDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return true;
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return false;
}

async function readBytes(request: Request): Promise<Buffer> {
  if (Number(request.headers.get('Content-Length') ?? 0) > largestBody) throw tooLarge();
  const reader = request.body?.getReader();
  if (reader === undefined) return Buffer.alloc(0);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void reader.cancel();
  }, slowestMs);
  const parts: Uint8Array[] = [];
  try {
    for (let bytes = 0; ; ) {
      const { done, value } = await reader.read();
      if (late)
        throw new HttpProblem({ code: 'body-slow', detail: `it was not whole after ${slowestMs / 1000} s` });
      if (done) return Buffer.concat(parts);
      bytes += value.length;
      if (bytes > largestBody) throw tooLarge();
      parts.push(value);
    }
  } catch (error) {
    void reader.cancel().catch(() => {});
    if (error instanceof HttpProblem) throw error;
    throw new HttpProblem({ code: 'body-cut-short', detail: 'nothing was changed' }, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

const tooLarge = (): HttpProblem =>
  new HttpProblem({ code: 'body-too-large', detail: `at most ${largestBody} bytes are read` });
