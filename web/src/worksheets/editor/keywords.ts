/** Words of statements that read. */
export const keywords: readonly string[] =
  `select from where group by order having limit offset qualify window with recursive as distinct all union intersect except
   join inner left right full outer cross lateral on using natural semi anti asof case when then else end and or not in between
   like ilike similar is null true false exists any some asc desc nulls first last filter over partition rows range groups
   preceding following unbounded current row values unnest describe summarize show explain analyze cast try_cast interval
   date timestamp time extract exclude replace pivot unpivot tablesample materialized within escape collate
   current_date current_timestamp day hour minute second month year week rollup cube grouping sets`
    .split(/\s+/)
    .toSorted()

/** Names of types. */
export const types =
  'bigint boolean blob date decimal double float hugeint integer interval json list map real smallint struct text time timestamp timestamptz tinyint ubigint uinteger uuid varchar variant'
