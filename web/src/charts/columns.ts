import type { ChartSettings } from '../../../src/dashboard/shape.ts'
import type { Result } from '../api/query.ts'

/** Where a chart finds its values in a result; -1 for a column that there is not. */
export interface ChartColumns {
  readonly measure: number
  readonly axis: number
  readonly series: number
}

const numeric = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*)$/
const temporal = /^(TIMESTAMP.*|DATE)$/

export function isNumeric(type: string): boolean {
  return numeric.test(type)
}

export function isTemporal(type: string): boolean {
  return temporal.test(type)
}

/** The columns that settings name, else those that suit: the last number is measured, the first other column is the axis. */
export function chartColumns({ columns }: Pick<Result, 'columns'>, settings: ChartSettings): ChartColumns {
  const named = (name: string | undefined): number => columns.findIndex((column) => column.name === name)
  const given = named(settings.measure)
  const measure = given === -1 ? columns.findLastIndex((column) => isNumeric(column.type)) : given
  const givenAxis = named(settings.axis)
  const firstTime = columns.findIndex((column) => isTemporal(column.type))
  const firstOther = columns.findIndex((_, index) => index !== measure)
  const axis = givenAxis === -1 ? (firstTime === -1 ? firstOther : firstTime) : givenAxis
  return { measure, axis, series: named(settings.series) }
}

/** Settings that suit a result nobody has chosen a chart for. */
export function suggestChart({ columns, rows }: Pick<Result, 'columns' | 'rows'>): ChartSettings {
  const measure = columns.findLast((column) => isNumeric(column.type))?.name
  const time = columns.find((column) => isTemporal(column.type))?.name
  const first = columns.find((column) => column.name !== measure && column.name !== time)
  if (measure === undefined || columns.length > 4) return { type: 'table' }
  if (columns.length === 1 && rows.length === 1) return { type: 'number', measure }
  if (time !== undefined)
    return { type: 'line', measure, axis: time, ...(first === undefined ? {} : { series: first.name }) }
  if (first === undefined) return { type: 'table' }
  const unit = /bytes/i.test(measure) ? { unit: 'bytes' as const } : {}
  return {
    type: 'bar',
    measure,
    axis: first.name,
    orientation: 'horizontal',
    order: 'size',
    direction: 'descending',
    ...unit,
  }
}
