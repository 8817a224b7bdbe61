#!/usr/bin/env node
/** The launcher. It checks the version of Node before anything else is loaded. */
import nodeModule from 'node:module';
import { abandonAll } from '../bulk/ingest/workplace.ts';
import { nodeFault } from './node-version.ts';

// Snapshots, releases and reports are of people: what is written is the owner's alone to read.
process.umask(0o077);
const fault = nodeFault(process.versions.node);
if (fault === null) {
  // Starts twice as fast from the second run on; where no cache can be kept, nothing is lost.
  nodeModule.enableCompileCache();
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(signal, () => {
      abandonAll();
      process.exit(status);
    });
  }
  // What nobody caught is a fault of ours: said in one line all the same.
  process.on('uncaughtException', (error: unknown) => {
    const [first = ''] = String(error instanceof Error ? error.message : error).split('\n');
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
    process.stderr.write(`error: ${first} [${code}]\n`);
    if (process.env.ASTOLD_DEBUG === '1' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    abandonAll();
    process.exit(1);
  });
  const [{ run }, { processTerminal }] = await Promise.all([import('./run.ts'), import('./terminal.ts')]);
  process.exitCode = await run(process.argv.slice(2), processTerminal());
} else {
  process.stderr.write(fault);
  process.exitCode = 2;
}
