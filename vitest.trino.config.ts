import { defineConfig } from 'vitest/config'

/** Of `npm run test:trino`, which starts Trino. Its tests share one server and one store. */
export default defineConfig({
  test: {
    include: ['test/trino/**/*.test.ts'],
    setupFiles: ['test/setup/end.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    fileParallelism: false,
  },
})
