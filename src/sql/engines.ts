/** Where a statement runs; the first is the lake itself. */
export const queryEngines = ['lake', 'athena'] as const

export type QueryEngine = (typeof queryEngines)[number]
