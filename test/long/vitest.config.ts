import { defineConfig } from 'vitest/config'

/** The tests that take minutes: `npm run test:long`. */
export default defineConfig({
  test: {
    include: ['test/long/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    pool: 'forks',
    // Each of them keeps the machine busy by itself.
    fileParallelism: false,
    hookTimeout: 120_000,
  },
})
