-- What translated statements of Snowflake's dialect call. `typeof` is known before a statement runs, so that of these CASEs one branch
-- stays, and a conversion costs what it costs in the engine.

-- Ends the statement with a sentence of what is wrong. Not by error(): that counts as volatile, so that TRY and views could not use it.
create or replace macro logs.snowflake_refuses(sentence) as cast('Snowflake: ' || sentence as boolean);

-- A number of JSON as text: without the zeros behind its last digit, and integers of any length as they are.
create or replace macro logs.snowflake_json_number(text) as
  case
    when regexp_full_match(text, '-?[0-9]+\.[0-9]+') then rtrim(rtrim(text, '0'), '.')
    when regexp_full_match(text, '-?[0-9]+') then text
    else regexp_replace(text::double::varchar, '\.0$', '')
  end;

-- TO_VARCHAR, by the type of the value. Of JSON: a string without its quotes, and NULL for its null.
create or replace macro logs.snowflake_json_text(value) as
  case json_type(value)
    when 'DOUBLE' then logs.snowflake_json_number(json_extract_string(value, '$'))
    else json_extract_string(value, '$')
  end;

create or replace macro logs.snowflake_float_text(value) as regexp_replace(value::varchar, '\.0$', '');

create or replace macro logs.snowflake_timestamp_text(value) as strftime(value::timestamp, '%Y-%m-%d %H:%M:%S.%g');

create or replace macro logs.snowflake_varchar(value) as
  case
    when typeof(value) = 'VARCHAR' then value::varchar
    when typeof(value) = 'JSON' then logs.snowflake_json_text(value::json)
    when typeof(value) in ('DOUBLE', 'FLOAT') then logs.snowflake_float_text(value)
    when typeof(value) = 'TIMESTAMP' then logs.snowflake_timestamp_text(value)
    when typeof(value) = 'BLOB' then hex(value::blob)
    else value::varchar
  end;

-- A cast to VARCHAR(n): longer text is an error, not cut. Bytes are counted first, since they are at hand.
create or replace macro logs.snowflake_text_within(text, most) as
  case
    when strlen(text) <= most then text
    when length(text) > most then
      logs.snowflake_refuses('''' || text || ''' is too long for VARCHAR(' || most || ')')::varchar
    else text
  end;

-- Text that a number is read from. Underscores between digits are the engine's own.
create or replace macro logs.snowflake_digits(text) as
  case
    when contains(text, '_') then logs.snowflake_refuses('numeric value ''' || text || ''' is not recognized')::varchar
    else text
  end;

create or replace macro logs.snowflake_json_digits(value) as
  case json_type(value)
    when 'BOOLEAN' then case when json_extract_string(value, '$') = 'true' then '1' else '0' end
    else logs.snowflake_digits(json_extract_string(value, '$'))
  end;

create or replace macro logs.snowflake_number(value) as
  case
    when typeof(value) = 'VARCHAR' then logs.snowflake_digits(value::varchar)
    when typeof(value) = 'JSON' then logs.snowflake_json_digits(value::json)
    when typeof(value) = 'BOOLEAN' then value::boolean::tinyint::varchar
    else value::varchar
  end;

-- NUMBER(38, 0): half is rounded away from zero.
create or replace macro logs.snowflake_whole(number) as number::decimal(38, 0)::hugeint;

create or replace macro logs.snowflake_integer(value) as
  case
    when typeof(value) in ('TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT', 'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT', 'BOOLEAN')
    then value::hugeint
    when typeof(value) in ('DOUBLE', 'FLOAT') or starts_with(typeof(value), 'DECIMAL') then logs.snowflake_whole(value)
    else logs.snowflake_whole(logs.snowflake_number(value))
  end;

create or replace macro logs.snowflake_float(value) as
  case
    when typeof(value) in ('VARCHAR', 'JSON', 'BOOLEAN') then logs.snowflake_number(value)::double
    else value::double
  end;

create or replace macro logs.snowflake_boolean_of(text) as
  case
    when lower(text) in ('true', 't', 'yes', 'y', 'on', '1') then true
    when lower(text) in ('false', 'f', 'no', 'n', 'off', '0') then false
    when text is not null then logs.snowflake_refuses('boolean value ''' || text || ''' is not recognized')
  end;

create or replace macro logs.snowflake_json_boolean(value) as
  case
    when json_type(value) in ('BIGINT', 'UBIGINT', 'DOUBLE') then json_extract_string(value, '$')::double <> 0
    else logs.snowflake_boolean_of(json_extract_string(value, '$'))
  end;

create or replace macro logs.snowflake_boolean(value) as
  case
    when typeof(value) = 'BOOLEAN' then value::boolean
    when typeof(value) = 'VARCHAR' then logs.snowflake_boolean_of(value::varchar)
    when typeof(value) = 'JSON' then logs.snowflake_json_boolean(value::json)
    else value::double <> 0
  end;

-- The moment of an integer in a VARIANT or in text, whose size says its unit: seconds, milliseconds, microseconds or nanoseconds since 1970.
create or replace macro logs.snowflake_moment(number) as
  make_timestamp(
    case
      when number < 31536000000 then number * 1000000
      when number < 31536000000000 then number * 1000
      when number < 31536000000000000 then number
      else number // 1000
    end
  );

-- The moment of any other integer: seconds.
create or replace macro logs.snowflake_seconds(number) as make_timestamp((number::hugeint * 1000000)::bigint);

-- The moment that text names, as Snowflake's AUTO reads ISO 8601; an offset is left out, since the type has none. Digits are as above.
-- The engine casts a field of a STRUCT while it scans, whatever the CASE around it says; so nothing that may fail is a cast of the argument as it is.
create or replace macro logs.snowflake_moment_of(text) as
  case
    when regexp_full_match(
      text,
      '\s*\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?( ?(Z|[+-]\d\d(:?\d\d)?))?)?\s*'
    )
    then regexp_replace(text, '(:\d\d(?:\.\d+)?) ?(Z|[+-]\d\d(:?\d\d)?)\s*$', '\1')::timestamp
    when regexp_full_match(text, '\s*[+-]?\d+\s*') then logs.snowflake_moment(trim(text)::bigint)
    when text is not null then logs.snowflake_refuses('timestamp ''' || text || ''' is not recognized')::varchar::timestamp
  end;

create or replace macro logs.snowflake_json_moment(value) as
  case
    when json_type(value) in ('VARCHAR', 'BIGINT', 'UBIGINT', 'NULL') then
      logs.snowflake_moment_of(json_extract_string(value, '$'))
    when value is not null then
      logs.snowflake_refuses('variant value ' || value::varchar || ' is no timestamp')::varchar::timestamp
  end;

create or replace macro logs.snowflake_timestamp(value) as
  case
    when typeof(value) in ('TIMESTAMP', 'DATE', 'TIMESTAMP WITH TIME ZONE', '"NULL"') then value::timestamp
    when typeof(value) = 'VARCHAR' then logs.snowflake_moment_of(value::varchar)
    when typeof(value) = 'JSON' then logs.snowflake_json_moment(value::json)
    when typeof(value) in ('TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT', 'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT')
    then logs.snowflake_seconds(value::hugeint)
    when typeof(value) in ('DOUBLE', 'FLOAT') or starts_with(typeof(value), 'DECIMAL')
    then make_timestamp(round(value::double * 1000000)::bigint)
    when value is not null then
      logs.snowflake_refuses('the value ' || value::varchar || ' is no timestamp')::varchar::timestamp
  end;

-- TO_TIMESTAMP(number, scale): in seconds (0), milliseconds (3), microseconds (6) or nanoseconds (9).
create or replace macro logs.snowflake_timestamp_scaled(number, scale) as
  make_timestamp(
    case scale
      when 0 then number::hugeint * 1000000
      when 3 then number::hugeint * 1000
      when 6 then number::hugeint
      when 9 then number::hugeint // 1000 - (number::hugeint % 1000 < 0)::tinyint
    end::bigint
  );

create or replace macro logs.snowflake_date(value) as
  case
    when typeof(value) in ('DATE', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', '"NULL"') then value::timestamp::date
    when typeof(value) = 'VARCHAR' then logs.snowflake_moment_of(value::varchar)::date
    when typeof(value) = 'JSON' then logs.snowflake_json_moment(value::json)::date
    when value is not null then logs.snowflake_refuses('the value ' || value::varchar || ' is no date')::varchar::date
  end;

-- The same for what is more than a column. A macro is text that is put in wherever its argument stands, so that one cast around another
-- would become a thousand; within a lambda the value has a name.
create or replace macro logs.snowflake_once_varchar(value) as list_transform([value], lambda v: logs.snowflake_varchar(v))[1];
create or replace macro logs.snowflake_once_text_within(value, most) as
  list_transform([value], lambda v: logs.snowflake_text_within(v, most))[1];
create or replace macro logs.snowflake_once_json_text(value) as list_transform([value], lambda v: logs.snowflake_json_text(v))[1];
create or replace macro logs.snowflake_once_digits(value) as list_transform([value], lambda v: logs.snowflake_digits(v))[1];
create or replace macro logs.snowflake_once_json_digits(value) as list_transform([value], lambda v: logs.snowflake_json_digits(v))[1];
create or replace macro logs.snowflake_once_number(value) as list_transform([value], lambda v: logs.snowflake_number(v))[1];
create or replace macro logs.snowflake_once_integer(value) as list_transform([value], lambda v: logs.snowflake_integer(v))[1];
create or replace macro logs.snowflake_once_float(value) as list_transform([value], lambda v: logs.snowflake_float(v))[1];
create or replace macro logs.snowflake_once_boolean(value) as list_transform([value], lambda v: logs.snowflake_boolean(v))[1];
create or replace macro logs.snowflake_once_boolean_of(value) as list_transform([value], lambda v: logs.snowflake_boolean_of(v))[1];
create or replace macro logs.snowflake_once_json_boolean(value) as list_transform([value], lambda v: logs.snowflake_json_boolean(v))[1];
create or replace macro logs.snowflake_once_moment(value) as list_transform([value], lambda v: logs.snowflake_moment(v))[1];
create or replace macro logs.snowflake_once_moment_of(value) as list_transform([value], lambda v: logs.snowflake_moment_of(v))[1];
create or replace macro logs.snowflake_once_json_moment(value) as list_transform([value], lambda v: logs.snowflake_json_moment(v))[1];
create or replace macro logs.snowflake_once_timestamp(value) as list_transform([value], lambda v: logs.snowflake_timestamp(v))[1];
create or replace macro logs.snowflake_once_date(value) as list_transform([value], lambda v: logs.snowflake_date(v))[1];

-- A field of a VARIANT that is stored as a STRUCT.
create or replace macro logs.snowflake_field(object, key) as struct_extract(object, key);

-- A field of text that a condition is about. The engine would take the condition into the scan, and then read the other fields of the STRUCT at a
-- third of the speed; it does not where a cast could fail. This one is of NULL only.
create or replace macro logs.snowflake_filtered(text) as case when text is not null then text else cast(cast(text || '' as boolean) as varchar) end;

-- What a JSON value holds at a path, as JSON.
create or replace macro logs.snowflake_element(value, path) as json_extract(value, path);

-- A value as Snowflake shows it within a VARIANT.
create or replace macro logs.snowflake_variant(value) as
  case
    when typeof(value) = 'JSON' then value::json
    when typeof(value) = 'TIMESTAMP' then to_json(strftime(value::timestamp, '%Y-%m-%d %H:%M:%S.%g'))
    when typeof(value) = 'BLOB' then to_json(hex(value::blob))
    else to_json(value)
  end;

-- Sorts VARIANTs: numbers by their size, text by its letters, each sort of values by itself.
create or replace macro logs.snowflake_variant_order(value) as
  case
    when value is not null then
      struct_pack(
        sort := json_type(value) in ('BIGINT', 'UBIGINT', 'DOUBLE'),
        number := case when json_type(value) in ('BIGINT', 'UBIGINT', 'DOUBLE') then json_extract_string(value, '$')::double end,
        text := json_extract_string(value, '$')
      )
  end;

-- NULL for nothing and for JSON's null; an error for a value whose type is not the one that its column has otherwise.
create or replace macro logs.snowflake_clash(value, path) as
  case
    when json_type(value) <> 'NULL' then
      logs.snowflake_refuses(path || ' holds values of several types, such as ' || value::varchar || '. Cast it, as in ' || path || '::varchar')
  end;

-- What is compared with a text, a number, a boolean: a value of that type.
create or replace macro logs.snowflake_as_text(value, path) as
  case
    when json_type(value) = 'VARCHAR' then json_extract_string(value, '$')
    else logs.snowflake_clash(value, path)::varchar
  end;

create or replace macro logs.snowflake_as_number(value, path) as
  case
    when json_type(value) in ('BIGINT', 'UBIGINT', 'DOUBLE') then json_extract_string(value, '$')::double
    else logs.snowflake_clash(value, path)::tinyint::double
  end;

create or replace macro logs.snowflake_as_boolean(value, path) as
  case
    when json_type(value) = 'BOOLEAN' then json_extract_string(value, '$') = 'true'
    else logs.snowflake_clash(value, path)
  end;

-- LISTAGG and ARRAY_AGG of nothing but NULLs.
create or replace macro logs.snowflake_listed_text(value) as coalesce(value, '');

create or replace macro logs.snowflake_listed(value) as coalesce(value, []);
