export type * from './api.ts'
export { type ErrorCode, MillraceError } from './errors.ts'
export { type OpenOptions, openLake } from './lake.ts'
