import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    pool: 'forks',
    isolate: false,
    // One for each core: left to itself it leaves a core idle.
    maxWorkers: '100%',
    reporters: ['default', './tests/closing-line.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: ['src/store/postgres/databases-setup.fixture.ts', 'src/pages/browser-setup.fixture.ts'],
  },
});
