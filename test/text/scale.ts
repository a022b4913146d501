/** Random files of one property. */
export const fileCount = process.env['MILLRACE_TEST_SCALE'] === 'soak' ? 20_000 : 100

/** Printed by a test that fails; give it back by MILLRACE_TEST_SEED. */
export const seed = Number(process.env['MILLRACE_TEST_SEED'] ?? Date.now() % 1_000_000)
