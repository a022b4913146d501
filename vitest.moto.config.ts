import { defineConfig } from 'vitest/config'

/** Of `npm run test:aws`, which starts moto. */
export default defineConfig({
  test: {
    include: ['test/moto/**/*.test.ts'],
    setupFiles: ['test/setup/end.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    maxWorkers: 2,
  },
})
