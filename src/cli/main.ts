#!/usr/bin/env node
/** The launcher. It checks the version of Node before anything else is loaded. */
import nodeModule from 'node:module';
import { nodeFault } from './node-version.ts';

const fault = nodeFault(process.versions.node);
if (fault === null) {
  // Starts twice as fast from the second run on; where no cache can be kept, nothing is lost.
  nodeModule.enableCompileCache();
  const [{ run }, { processTerminal }] = await Promise.all([import('./run.ts'), import('./terminal.ts')]);
  process.exitCode = await run(process.argv.slice(2), processTerminal());
} else {
  process.stderr.write(fault);
  process.exitCode = 2;
}
