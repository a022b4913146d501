import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const longest = /test\/(?:pipes\/faults|crash\/|model\/|cages\/escape|cli\.|queries\/|sql\/snowflake)/

/** Begins with those that take longest: at the end, nothing waits for one of them. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it is Vitest's, of test files
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification): boolean => longest.test(moduleId)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need moto (`npm run test:aws`), or Trino (`npm run test:trino`).
    exclude: [...configDefaults.exclude, 'test/moto/**', 'test/trino/**'],
    // One process for many files: importing everything anew for each took a quarter of the time.
    isolate: false,
    globalSetup: ['test/setup/empty-lake.ts'],
    setupFiles: ['test/setup/environment.ts', 'test/setup/end.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    // Tests wait a third of their time: one more than the two cores that there are.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // No test asks AWS, or takes the keys of whoever runs it.
    env: {
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_PROFILE: '',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  },
})
