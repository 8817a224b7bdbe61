import { defineConfig } from 'vitest/config';

/** The tests of the policy alone: they run in half a second, and need neither engine nor files. */
export default defineConfig({
  test: { include: ['tests/policy/**/*.test.ts', 'src/policy/**/*.test.ts'] },
});
