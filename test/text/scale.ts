import { isSoak } from '../loading/scale.ts'

/** Random files of one property. */
export const fileCount = isSoak ? 20_000 : 100

/** Printed by a test that fails; give it back by MILLRACE_TEST_SEED. */
export const seed = Number(process.env['MILLRACE_TEST_SEED'] ?? Date.now() % 1_000_000)
