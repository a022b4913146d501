/** A function by the SQL that means the same; `$1` is its first argument. */
type Rewriting = Readonly<Record<number, string>>

/** What of a dialect is translated. Everything else is refused by name: a function of the same name may mean something else here. */
export interface DialectRules {
  /** Functions that the printer turns into ones of the same meaning, or that are alike. */
  readonly same: ReadonlySet<string>
  /** Functions by the number of their arguments. */
  readonly rewritten: Readonly<Record<string, Rewriting>>
  /** Kinds of nodes that are rewritten: their parts in order, as `$1`, `$2`. */
  readonly operators: Readonly<Record<string, { readonly parts: readonly string[]; readonly as: string }>>
}

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}

/** Millrace's own functions, for statements of every dialect. */
const own = words(`
  address_number cidr_first cidr_last flow_direction_of in_cidr is_internal protocol_name service_port tcp_flag_names`)

const snowflake: DialectRules = {
  same: new Set([
    ...own,
    ...words(`
      bitand current_date date_part date_trunc dayname decode div0 equal_null greatest least left lpad md5 monthname nullif
      nullifzero percentile_cont power regexp_replace replace reverse right round rpad sign sysdate time_slice trunc
      week zeroifnull ltrim rtrim max_by min_by split_part`),
  ]),
  rewritten: {
    concat: { 2: '$1 || $2', 3: '$1 || $2 || $3', 4: '$1 || $2 || $3 || $4' },
    charindex: { 2: 'strpos($2, $1)' },
    current_timestamp: { 0: 'get_current_timestamp()' },
    dateadd: { 3: 'units_later($1, $2, $3)' },
    timestampadd: { 3: 'units_later($1, $2, $3)' },
    getdate: { 0: 'get_current_timestamp()' },
    regexp_like: { 2: 'regexp_full_match($1, $2)' },
    to_timestamp: { 2: 'snowflake_timestamp_scaled($1, $2)' },
    to_timestamp_ntz: { 2: 'snowflake_timestamp_scaled($1, $2)' },
  },
  operators: {
    // The printer counts days only, whatever the unit.
    date_diff: { parts: ['unit', 'expression', 'this'], as: 'units_between($1, $2, $3)' },
    regexp_like: { parts: ['this', 'pattern'], as: 'regexp_full_match($1, $2)' },
    // It keeps Snowflake's name.
    starts_with: { parts: ['this', 'expression'], as: 'prefix($1, $2)' },
  },
}

const trino: DialectRules = {
  same: new Set([
    ...own,
    ...words(`
      arbitrary chr current_date current_timestamp date date_trunc from_iso8601_timestamp
      from_unixtime lpad ltrim max_by min_by now nullif power regexp_extract regexp_like regexp_replace replace reverse round
      rpad rtrim sign to_unixtime try`),
  ]),
  rewritten: {
    concat: { 2: '$1 || $2', 3: '$1 || $2 || $3', 4: '$1 || $2 || $3 || $4' },
    date_add: { 3: 'units_later($1, $2, $3)' },
    date_diff: { 3: 'trino_units_between($1, $2, $3)' },
    split_part: { 3: 'trino_part($1, $2, $3)' },
  },
  operators: { div: { parts: ['left', 'right'], as: 'trino_quotient($1, $2)' } },
}

export const dialectRules = { snowflake, athena: trino, trino } as const

/** Kinds of nodes, as the parser names them, that mean the same in every dialect or are printed so. */
export const plainKinds: ReadonlySet<string> = new Set(
  words(`
    abs add alias and any_value approx_count_distinct approx_distinct array_agg avg between boolean case cast ceil coalesce column
    concat contains count count_if cte cume_dist day day_of_week dense_rank distinct div ends_with eq except exists extract fetch first_value floor from
    group_by gt gte having hour i_like identifier if_func in intersect interval is_false is_null is_true join lag last_day last_value lead length
    like limit list_agg literal ln lower lt lte max median min minute mod mod_func month mul n_tile neg neq not ntile null num_buckets null_safe_eq
    null_safe_neq nvl nvl2 offset or order_by ordered over paren partition_by percent_rank quarter rank row_number second select sqrt star starts_with stddev
    str_position sub subquery substring sum table this to_number trim try_cast tuple union upper values var variance
    where_clause window_function with within_group year aggregate_function function simple unit window`),
)
