import type { CallReport } from '../../api.ts'

/** What a reader should know of calls, a sentence each: those that gave no row. */
export function callNotices(reports: readonly CallReport[] = []): string[] {
  return reports
    .filter(({ rowsWithoutOutput }) => rowsWithoutOutput > 0)
    .map((report) => `${report.function} gave no row for ${report.rowsWithoutOutput} of ${report.rowsIn} inputs.`)
}
