export type * from './api.ts'
export { type ErrorCode, MillraceError } from './errors.ts'
export { type OpenLake, type OpenOptions, openLake, restoreLake } from './lake.ts'
