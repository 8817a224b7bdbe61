import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import LongFirst from './tests/long-first.ts';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    pool: 'forks',
    isolate: false,
    // More than cores: for a quarter of its time a worker waits, for a server that starts, a killed one, a browser.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    // The programs that tests start are compiled once.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
    sequence: { sequencer: LongFirst },
    reporters: ['default', './tests/closing-line.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: [
      'tests/memory-folder.ts',
      'src/store/postgres/databases-setup.fixture.ts',
      'src/pages/browser-setup.fixture.ts',
    ],
  },
});
