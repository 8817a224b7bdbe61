/** A terminal that remembers, for tests of the command line. */
import { run } from './run.ts';
import type { Terminal } from './terminal.ts';

export type Recorded = { readonly status: number; readonly out: string; readonly err: string };

/** Runs the words in a folder, as with a pipe: no colour, 100 columns. */
export async function record(words: readonly string[], cwd: string): Promise<Recorded> {
  let out = '';
  let err = '';
  const terminal: Terminal = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    outIsTty: false,
    progress: null,
    width: 100,
    env: {},
    cwd,
  };
  const status = await run(words, terminal);
  return { status, out, err };
}
