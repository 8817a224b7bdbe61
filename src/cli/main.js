#!/usr/bin/env node
/**
 * The launcher. It checks the version of Node before anything else is loaded. Plain JavaScript: of what is loaded before
 * the cache is open, Node would strip the types anew in every run, which takes longer than all the rest of starting.
 */
import nodeModule from 'node:module';
import { nodeFault } from './node-version.js';

// Snapshots, releases and reports are of people: what is written is the owner's alone to read.
process.umask(0o077);
const fault = nodeFault(process.versions.node);
if (fault === null) {
  // Starts three times as fast from the second run on; where no cache can be kept, nothing is lost.
  nodeModule.enableCompileCache();
  // Nothing is open before anything is loaded.
  let abandon = () => {};
  for (const [signal, status] of /** @type {const} */ ([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])) {
    process.once(signal, () => {
      abandon();
      process.exit(status);
    });
  }
  // What nobody caught is a fault of ours: said in one line all the same.
  process.on('uncaughtException', (/** @type {unknown} */ error) => {
    const [first = ''] = String(error instanceof Error ? error.message : error).split('\n');
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
    process.stderr.write(`error: ${first} [${code}]\n`);
    if (process.env.ASTOLD_DEBUG === '1' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    abandon();
    process.exit(1);
  });
  const [{ abandonAll }, { run }, { processTerminal }] = await Promise.all([
    import('../bulk/ingest/workplace.ts'),
    import('./run.ts'),
    import('./terminal.ts'),
  ]);
  abandon = abandonAll;
  process.exitCode = await run(process.argv.slice(2), processTerminal());
} else {
  process.stderr.write(fault);
  process.exitCode = 2;
}
