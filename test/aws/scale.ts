/** Random cases of one property. */
export const caseCount = process.env['MILLRACE_TEST_SCALE'] === 'soak' ? 20_000 : 150

const seed = process.env['MILLRACE_TEST_SEED']

/** For fast-check, which prints the seed of a failure. */
export const cases = { numRuns: caseCount, ...(seed === undefined ? {} : { seed: Number(seed) }) }

/** Of a test with that many cases, in milliseconds. */
export const limitMs = { timeout: process.env['MILLRACE_TEST_SCALE'] === 'soak' ? 7_200_000 : 120_000 }
