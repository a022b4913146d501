-- What translated statements call where the engine has no function of the same meaning.

-- A unit of time by any of its names (Snowflake's manual, "Supported date and time parts").
create or replace macro logs.unit_named(unit) as
  case
    when lower(unit) in ('year', 'y', 'yy', 'yyy', 'yyyy', 'yr', 'years', 'yrs') then 'year'
    when lower(unit) in ('quarter', 'q', 'qtr', 'qtrs', 'quarters') then 'quarter'
    when lower(unit) in ('month', 'mm', 'mon', 'mons', 'months') then 'month'
    when lower(unit) in ('week', 'w', 'wk', 'weekofyear', 'woy', 'wy', 'weeks') then 'week'
    when lower(unit) in ('day', 'd', 'dd', 'days', 'dayofmonth') then 'day'
    when lower(unit) in ('hour', 'h', 'hh', 'hr', 'hours', 'hrs') then 'hour'
    when lower(unit) in ('minute', 'm', 'mi', 'min', 'minutes', 'mins') then 'minute'
    when lower(unit) in ('second', 's', 'sec', 'seconds', 'secs') then 'second'
    when lower(unit) in ('millisecond', 'ms', 'msec', 'milliseconds') then 'millisecond'
    else error('Unknown unit of time: ' || unit || '. Use year, quarter, month, week, day, hour, minute, second or millisecond.')
  end;

-- Snowflake's DATEADD and Trino's date_add: a moment some units later.
create or replace macro logs.units_later(unit, amount, moment) as
  moment + case logs.unit_named(unit)
    when 'year' then to_years(amount::integer)
    when 'quarter' then to_months(3 * amount::integer)
    when 'month' then to_months(amount::integer)
    when 'week' then to_weeks(amount::integer)
    when 'day' then to_days(amount::integer)
    when 'hour' then to_hours(amount::bigint)
    when 'minute' then to_minutes(amount::bigint)
    when 'second' then to_seconds(amount::double)
    when 'millisecond' then to_milliseconds(amount::double)
  end;

-- Snowflake's DATEDIFF: how many boundaries of a unit lie between two moments.
create or replace macro logs.units_between(unit, earlier, later) as
  date_diff(logs.unit_named(unit), earlier::timestamp, later::timestamp);

-- Trino's `/`: the quotient of two integers is an integer, cut towards zero.
create or replace macro logs.trino_quotient(dividend, divisor) as
  case
    when regexp_full_match(typeof(dividend) || typeof(divisor), '(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?)+')
    then dividend // divisor
    else dividend / divisor
  end;

-- Trino counts whole units between two moments, the engine how often one begins.
create or replace macro logs.trino_units_between(unit, earlier, later) as date_sub(unit, earlier, later);

-- A part that is not there is NULL in Trino.
create or replace macro logs.trino_part(words, separator, place) as string_split(words, separator)[place];

-- Formats are the engine's here, see src/sql/translation/date-formats.ts.
create or replace macro logs.trino_date_text(moment, format) as strftime(moment, format);
create or replace macro logs.trino_date_of(words, format) as strptime(words, format);
