/** An engine for one question about the files of an organisation, beside whatever else is going on. */
import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import { openDuckdb } from '../../bulk/engines/duckdb.ts';

/** Closed whatever happens. */
export async function withEngineIn<T>(
  root: string,
  { threads, memoryLimit }: { readonly threads: number | null; readonly memoryLimit: string | null },
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await openDuckdb({
    tempDirectory: join(root, '.astold', 'tmp'),
    ...(threads === null ? {} : { threads }),
    ...(memoryLimit === null ? {} : { memoryLimit }),
  });
  try {
    return await work(engine);
  } finally {
    engine.close();
  }
}
