import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    pool: 'forks',
    isolate: false,
    // More than there are cores: many tests wait, for a server that was killed, a lease to end, or a browser.
    maxWorkers: '150%',
    reporters: ['default', './tests/closing-line.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: ['src/store/postgres/databases-setup.fixture.ts'],
  },
});
