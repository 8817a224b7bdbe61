/** PGlite's programs, compiled once for a process: that is most of what it takes to open a database. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Node's types do not know it. */
declare const WebAssembly: { compile(program: Uint8Array): Promise<object> };

/** As PGlite takes them; a thread can be given them. */
export type PglitePrograms = {
  readonly pgliteWasmModule: object;
  readonly initdbWasmModule: object;
};

let compiled: Promise<PglitePrograms> | null = null;

export function pglitePrograms(): Promise<PglitePrograms> {
  compiled ??= compileBoth();
  return compiled;
}

async function compileBoth(): Promise<PglitePrograms> {
  const [pgliteWasmModule, initdbWasmModule] = await Promise.all([compile('pglite'), compile('initdb')]);
  return { pgliteWasmModule, initdbWasmModule };
}

const compile = async (name: string): Promise<object> =>
  WebAssembly.compile(await readFile(join(folder(), `${name}.wasm`)));

const folder = (): string => dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'));
