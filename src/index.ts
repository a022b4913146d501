export type * from './api.ts'
export { type ErrorCode, MillraceError } from './errors.ts'
export { type OpenOptions, openLake, restoreLake } from './lake.ts'
