import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need moto: `npm run test:aws`.
    exclude: [...configDefaults.exclude, 'test/moto/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    // Two cores, and tests that load use both.
    maxWorkers: 2,
  },
})
