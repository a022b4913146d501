import * as fc from 'fast-check'

/** A row as people see it. */
export interface Row {
  readonly id: number
  readonly n: number
}

/** Something that is done to a table. */
export type Write =
  | { readonly does: 'insert'; readonly rows: readonly Row[] }
  | { readonly does: 'update'; readonly id: number; readonly n: number }
  | { readonly does: 'delete'; readonly id: number }
  | { readonly does: 'truncate' }
  /** Rows of the source have different ids; one whose `n` is 0 deletes. */
  | { readonly does: 'merge'; readonly rows: readonly Row[] }

/** Reading a stream by a statement that writes. */
export interface Consumption {
  readonly does: 'consume'
  readonly stream: number
}

export type Step =
  | Write
  | Consumption
  | { readonly does: 'transaction'; readonly steps: readonly (Write | Consumption)[]; readonly isKept: boolean }
  | { readonly does: 'fail'; readonly stream: number }
  | { readonly does: 'reopen' }
  | {
      readonly does: 'make-stream'
      readonly stream: number
      readonly isAppendOnly: boolean
      readonly showsInitialRows: boolean
    }

export const streamCount = 3

const id = fc.nat({ max: 5 })
const n = fc.nat({ max: 9 })
const row = fc.record({ id, n })
const stream = fc.nat({ max: streamCount - 1 })

const write: fc.Arbitrary<Write> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('insert' as const), rows: fc.array(row, { minLength: 1, maxLength: 4 }) }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('update' as const), id, n }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('delete' as const), id }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('merge' as const),
      rows: fc.uniqueArray(row, { minLength: 1, maxLength: 4, selector: (one) => one.id }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ does: 'truncate' as const }) },
)

const consumption: fc.Arbitrary<Consumption> = fc.record({ does: fc.constant('consume' as const), stream })

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: write },
  { weight: 4, arbitrary: consumption },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('transaction' as const),
      steps: fc.array(fc.oneof({ weight: 3, arbitrary: write }, { weight: 1, arbitrary: consumption }), {
        maxLength: 5,
      }),
      isKept: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('fail' as const), stream }) },
  { weight: 1, arbitrary: fc.constant({ does: 'reopen' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('make-stream' as const),
      stream,
      isAppendOnly: fc.boolean(),
      showsInitialRows: fc.boolean(),
    }),
  },
)

export const anyCourse: fc.Arbitrary<readonly Step[]> = fc.array(step, { minLength: 4, maxLength: 14 })
