import { vi } from 'vitest'

/** Whether tests run at length (`npm run test:soak`) or as a part of `npm test`. */
export const isSoak = process.env['MILLRACE_TEST_SCALE'] === 'soak'

// Generous, so that a busy machine fails no test; what hangs still ends.
vi.setConfig({ testTimeout: isSoak ? 7_200_000 : 120_000, hookTimeout: 120_000 })
