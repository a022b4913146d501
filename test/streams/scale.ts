/** Random courses of statements. */
const courseCount = process.env['MILLRACE_TEST_SCALE'] === 'soak' ? 400 : 5

const seed = process.env['MILLRACE_TEST_SEED']

/** For fast-check, which prints the seed of a failure. */
export const courses = { numRuns: courseCount, ...(seed === undefined ? {} : { seed: Number(seed) }) }

/** Of a test with that many courses, in milliseconds. */
export const limitMs = { timeout: process.env['MILLRACE_TEST_SCALE'] === 'soak' ? 14_400_000 : 120_000 }
