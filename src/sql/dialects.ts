/** Dialects that a statement can be written in; the first is the engine's own. */
export const dialects = ['duckdb', 'snowflake', 'athena', 'trino'] as const

export type Dialect = (typeof dialects)[number]

/** Their names, as people write them. */
export const dialectNames: Readonly<Record<Dialect, string>> = {
  duckdb: 'DuckDB',
  snowflake: 'Snowflake',
  athena: 'Athena',
  trino: 'Trino',
}
