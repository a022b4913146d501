import { describe, expect, test } from 'vitest'
import { parseStatement } from '../../src/sql/script.ts'
import { printStatement } from '../../src/sql/statement/registry.ts'
import { withoutPlaces } from './without-places.ts'

/** What a statement is printed as; reading that gives the same value. */
function canonical(text: string): string {
  const statement = parseStatement(text)
  const printed = printStatement(statement)
  expect(withoutPlaces(parseStatement(printed))).toEqual(withoutPlaces(statement))
  return printed.replaceAll(/\n\s*/g, ' ')
}

describe('options come in any order, with or without =, with blanks or commas', () => {
  test.each([
    "create warehouse w with warehouse_size = medium auto_suspend = 60 comment = 'x'",
    "create warehouse w comment='x',auto_suspend=60,warehouse_size='MEDIUM'",
    "CREATE WAREHOUSE w WAREHOUSE_SIZE medium, AUTO_SUSPEND 60 COMMENT 'x'",
    "create /* a */ warehouse w -- b\n auto_suspend '60' -- c\n comment $$x$$ // d\n warehouse_size=Medium",
  ])('%s', (text) => {
    expect(canonical(text)).toBe("CREATE WAREHOUSE w WAREHOUSE_SIZE = MEDIUM AUTO_SUSPEND = 60 COMMENT = 'x'")
  })
})

test.each([
  ['XSMALL', ['xsmall', "'X-SMALL'", 'X-Small']],
  ['SMALL', ['small']],
  ['MEDIUM', ["'medium'"]],
  ['LARGE', ['LARGE']],
  ['XLARGE', ['XLARGE', "'X-LARGE'"]],
  ['XXLARGE', ['XXLARGE', 'X2LARGE', "'2X-LARGE'", '2X-LARGE', "'2XLARGE'", "'XX-LARGE'"]],
  ['XXXLARGE', ['XXXLARGE', 'X3LARGE', "'3X-LARGE'", "'XXX-LARGE'"]],
  ['X4LARGE', ['X4LARGE', "'4X-LARGE'"]],
  ['X5LARGE', ['X5LARGE', "'5X-LARGE'"]],
  ['X6LARGE', ['X6LARGE', "'6X-LARGE'"]],
])('WAREHOUSE_SIZE %s in every spelling', (size, spellings) => {
  for (const spelling of spellings)
    expect(canonical(`alter warehouse w set warehouse_size=${spelling}`)).toBe(
      `ALTER WAREHOUSE w SET WAREHOUSE_SIZE = ${size}`,
    )
})

describe('every kind of statement, as it is printed', () => {
  test.each([
    // Warehouses, databases, schemas, USE.
    "CREATE WAREHOUSE IF NOT EXISTS w WAREHOUSE_TYPE = 'SNOWPARK-OPTIMIZED' WAREHOUSE_SIZE = XSMALL GENERATION = '2' RESOURCE_CONSTRAINT = MEMORY_16X MAX_CLUSTER_COUNT = 3 MIN_CLUSTER_COUNT = 1 SCALING_POLICY = ECONOMY AUTO_SUSPEND = NULL AUTO_RESUME = TRUE INITIALLY_SUSPENDED = FALSE RESOURCE_MONITOR = m ENABLE_QUERY_ACCELERATION = FALSE QUERY_ACCELERATION_MAX_SCALE_FACTOR = 8 MAX_CONCURRENCY_LEVEL = 8 STATEMENT_QUEUED_TIMEOUT_IN_SECONDS = 0 STATEMENT_TIMEOUT_IN_SECONDS = 10 COMMENT = 'c'",
    'ALTER WAREHOUSE IF EXISTS w RESUME IF SUSPENDED',
    'ALTER WAREHOUSE w SUSPEND',
    'ALTER WAREHOUSE w ABORT ALL QUERIES',
    'ALTER WAREHOUSE w RENAME TO x',
    'ALTER WAREHOUSE w UNSET COMMENT, AUTO_SUSPEND',
    "CREATE OR REPLACE TRANSIENT DATABASE d DATA_RETENTION_TIME_IN_DAYS = 1 MAX_DATA_EXTENSION_TIME_IN_DAYS = 2 DEFAULT_DDL_COLLATION = 'en' COMMENT = 'c'",
    'ALTER DATABASE d RENAME TO "e f"',
    "CREATE SCHEMA IF NOT EXISTS d.s COMMENT = 'c'",
    'ALTER SCHEMA s UNSET COMMENT',
    'USE DATABASE d',
    'USE SCHEMA d.s',
    'USE WAREHOUSE w',
    'USE ROLE accountadmin',
    // Storage integrations and file formats.
    "CREATE OR REPLACE STORAGE INTEGRATION i TYPE = EXTERNAL_STAGE STORAGE_PROVIDER = S3 ENABLED = TRUE STORAGE_AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/r' STORAGE_AWS_EXTERNAL_ID = 'x' STORAGE_AWS_OBJECT_ACL = 'bucket-owner-full-control' STORAGE_ALLOWED_LOCATIONS = ('s3://b/p/', '*') STORAGE_BLOCKED_LOCATIONS = () USE_PRIVATELINK_ENDPOINT = FALSE COMMENT = 'c'",
    'ALTER STORAGE INTEGRATION IF EXISTS i SET ENABLED = FALSE',
    'ALTER STORAGE INTEGRATION i UNSET STORAGE_BLOCKED_LOCATIONS',
    "CREATE FILE FORMAT IF NOT EXISTS f TYPE = CSV COMPRESSION = GZIP RECORD_DELIMITER = '\\n' FIELD_DELIMITER = NONE MULTI_LINE = FALSE FILE_EXTENSION = 'csv' PARSE_HEADER = TRUE SKIP_HEADER = 1 SKIP_BLANK_LINES = TRUE DATE_FORMAT = 'AUTO' TIME_FORMAT = 'HH24' TIMESTAMP_FORMAT = 'AUTO' BINARY_FORMAT = HEX ESCAPE = '\\\\' ESCAPE_UNENCLOSED_FIELD = NONE TRIM_SPACE = TRUE FIELD_OPTIONALLY_ENCLOSED_BY = '\"' NULL_IF = ('-', '') ERROR_ON_COLUMN_COUNT_MISMATCH = FALSE REPLACE_INVALID_CHARACTERS = TRUE VALIDATE_UTF8 = TRUE EMPTY_FIELD_AS_NULL = TRUE SKIP_BYTE_ORDER_MARK = TRUE ENCODING = 'UTF8' COMMENT = 'c'",
    "CREATE FILE FORMAT f TYPE = JSON COMPRESSION = AUTO DATE_FORMAT = 'AUTO' TIME_FORMAT = 'AUTO' TIMESTAMP_FORMAT = 'AUTO' BINARY_FORMAT = 'UTF-8' TRIM_SPACE = FALSE MULTI_LINE = TRUE NULL_IF = () FILE_EXTENSION = 'json' ENABLE_OCTAL = FALSE ALLOW_DUPLICATE = FALSE STRIP_OUTER_ARRAY = TRUE STRIP_NULL_VALUES = FALSE REPLACE_INVALID_CHARACTERS = FALSE IGNORE_UTF8_ERRORS = FALSE SKIP_BYTE_ORDER_MARK = TRUE",
    "CREATE TEMPORARY FILE FORMAT f TYPE = PARQUET COMPRESSION = SNAPPY SNAPPY_COMPRESSION = TRUE BINARY_AS_TEXT = FALSE USE_LOGICAL_TYPE = TRUE TRIM_SPACE = FALSE USE_VECTORIZED_SCANNER = TRUE REPLACE_INVALID_CHARACTERS = FALSE NULL_IF = ('x')",
    "CREATE FILE FORMAT f TYPE = VPC_FLOW_LOGS LOG_FORMAT = '${version} ${account-id}'",
    'CREATE FILE FORMAT f TYPE = TGW_FLOW_LOGS',
    'CREATE FILE FORMAT f TYPE = S3_ACCESS_LOGS',
    "CREATE FILE FORMAT f TYPE = WEB_ACCESS_LOGS COMMENT = 'c'",
    "ALTER FILE FORMAT f SET COMPRESSION = NONE COMMENT = 'c'",
    'ALTER FILE FORMAT f RENAME TO s.g',
    // Stages.
    "CREATE TEMPORARY STAGE IF NOT EXISTS d.\"S x\".s URL = 's3://b/p/' STORAGE_INTEGRATION = i ENCRYPTION = (TYPE = AWS_SSE_KMS KMS_KEY_ID = 'k') DIRECTORY = (ENABLE = TRUE AUTO_REFRESH = FALSE) FILE_FORMAT = (TYPE = PARQUET USE_LOGICAL_TYPE = TRUE) COMMENT = 'it''s'",
    "CREATE STAGE s URL = 's3compat://b/' ENDPOINT = 'localhost:9000' AWS_ACCESS_POINT_ARN = 'arn' REQUESTER_PAYS = TRUE USE_PRIVATELINK_ENDPOINT = FALSE FILE_FORMAT = (FORMAT_NAME = d.s.f)",
    "CREATE STAGE s URL = 'file:///var/log/flows/'",
    "ALTER STAGE IF EXISTS s SET URL = 's3://b/' FILE_FORMAT = (FORMAT_NAME = f)",
    'ALTER STAGE s RENAME TO r',
    "ALTER STAGE s REFRESH SUBPATH = 'a/'",
    'LIST @s',
    'LIST @d.s."x y"/a/b PATTERN = \'.*[.]gz\'',
    "REMOVE '@s/a b(1)'",
    // COPY.
    "COPY INTO t FROM @s/p FILES = ('a', 'b') PATTERN = '.*' FILE_FORMAT = (FORMAT_NAME = f) ON_ERROR = CONTINUE SIZE_LIMIT = 1 PURGE = TRUE RETURN_FAILED_ONLY = TRUE MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE INCLUDE_METADATA = (a = METADATA$FILENAME, \"b\" = METADATA$START_SCAN_TIME) ENFORCE_LENGTH = TRUE TRUNCATECOLUMNS = FALSE FORCE = TRUE LOAD_UNCERTAIN_FILES = FALSE",
    'COPY INTO d.s.t(a, "b c") FROM (SELECT $1:a::int, metadata$filename FROM @s (FILE_FORMAT => f) x) ON_ERROR = ABORT_STATEMENT',
    'COPY INTO t FROM @s ON_ERROR = SKIP_FILE',
    'COPY INTO t FROM @s ON_ERROR = SKIP_FILE_10',
    "COPY INTO t FROM @s ON_ERROR = 'SKIP_FILE_5%'",
    'COPY INTO t FROM @s VALIDATION_MODE = RETURN_5_ROWS',
    'COPY INTO t FROM @s VALIDATION_MODE = RETURN_ERRORS',
    'COPY INTO t FROM @s VALIDATION_MODE = RETURN_ALL_ERRORS',
    "COPY INTO @s/out/ FROM (select * from t where a = ')') PARTITION BY ('dt=' || to_varchar(dt)) FILE_FORMAT = (TYPE = PARQUET) OVERWRITE = FALSE MAX_FILE_SIZE = 5368709120 INCLUDE_QUERY_ID = TRUE DETAILED_OUTPUT = TRUE HEADER = TRUE VALIDATION_MODE = RETURN_ROWS",
    'COPY INTO @s FROM d.s.t SINGLE = TRUE HEADER = FALSE',
    // Pipes, streams, tasks.
    "CREATE PIPE IF NOT EXISTS p AUTO_INGEST = TRUE AWS_SNS_TOPIC = 'arn:aws:sns:us-east-1:123456789012:t' QUEUE = 'arn:aws:sqs:us-east-1:123456789012:q' INTEGRATION = i ERROR_INTEGRATION = e COMMENT = 'c' AS COPY INTO t FROM @s MATCH_BY_COLUMN_NAME = CASE_SENSITIVE",
    'ALTER PIPE p REFRESH',
    "ALTER PIPE IF EXISTS p REFRESH PREFIX = 'a/' MODIFIED_AFTER = '2026-11-20T12:00:00.123-07:00'",
    "ALTER PIPE p SET PIPE_EXECUTION_PAUSED = TRUE QUEUE = 'http://localhost:4566/000000000000/q' COMMENT = 'c'",
    'ALTER PIPE p UNSET QUEUE',
    "CREATE OR REPLACE STREAM s COPY GRANTS ON TABLE d.s.t APPEND_ONLY = TRUE SHOW_INITIAL_ROWS = TRUE COMMENT = 'c'",
    'CREATE STREAM s ON VIEW v',
    "ALTER STREAM s SET COMMENT = 'c'",
    "CREATE TASK t WAREHOUSE = w SCHEDULE = '30 SECOND' CONFIG = '{}' ALLOW_OVERLAPPING_EXECUTION = FALSE USER_TASK_TIMEOUT_MS = 1000 SUSPEND_TASK_AFTER_NUM_FAILURES = 3 TASK_AUTO_RETRY_ATTEMPTS = 2 USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS = 10 ERROR_INTEGRATION = e COMMENT = 'c' AFTER a, d.s.b WHEN system$stream_has_data('s') and cast('1' as int) = 1 AS select 1",
    "CREATE TASK t USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE = SMALL SCHEDULE = 'USING CRON 0 9-17 * * SUN America/Los_Angeles' OVERLAP_POLICY = NO_OVERLAP AS BEGIN select 1; select 2; END",
    'CREATE TASK t FINALIZE = root AS select 1',
    'ALTER TASK t RESUME',
    'ALTER TASK IF EXISTS t SUSPEND',
    "ALTER TASK t SET SCHEDULE = '1 HOUR'",
    'ALTER TASK t REMOVE WHEN',
    'ALTER TASK t ADD AFTER a, b',
    'ALTER TASK t REMOVE AFTER a',
    'ALTER TASK t MODIFY AS select 1',
    "ALTER TASK t MODIFY WHEN system$stream_has_data('s')",
    'EXECUTE TASK d.s.t',
    // Tables, views, functions.
    "CREATE TABLE IF NOT EXISTS t ( a VARCHAR(16) NOT NULL DEFAULT f(1, 'x') COMMENT 'c', \"b\" VARIANT, c NUMBER(38, 0) ) ENABLE_SCHEMA_EVOLUTION = TRUE DATA_RETENTION_TIME_IN_DAYS = 1 CHANGE_TRACKING = TRUE COMMENT = 'c'",
    'CREATE TRANSIENT TABLE t ( record VARIANT )',
    "CREATE OR REPLACE SECURE VIEW v (a, \"b\" COMMENT 'c') COPY GRANTS CHANGE_TRACKING = TRUE COMMENT = 'c' AS select 1, 2",
    'CREATE TEMPORARY RECURSIVE VIEW v AS with a as (select 1) select * from a',
    "CREATE OR REPLACE SECURE FUNCTION f(a VARCHAR, b INT DEFAULT 1) RETURNS BOOLEAN NOT NULL STRICT IMMUTABLE COPY GRANTS LANGUAGE SQL COMMENT = 'c' AS $$a = ';'$$",
    "CREATE FUNCTION f() RETURNS TABLE (a INT, b ARRAY(VARCHAR)) LANGUAGE PYTHON RUNTIME_VERSION = '3.11' PACKAGES = ('numpy', 'x==1') IMPORTS = ('@s/a.py') HANDLER = 'h' AS $$x$$",
    'CREATE FUNCTION f(x DOUBLE PRECISION) RETURNS FLOAT LANGUAGE JAVASCRIPT AS $$return X$$',
    // DROP, DESCRIBE, SHOW.
    'DROP STORAGE INTEGRATION IF EXISTS i',
    'DROP SCHEMA d.s CASCADE',
    'DROP FUNCTION f(VARCHAR, NUMBER(3, 0))',
    'DROP FUNCTION f()',
    'DROP TABLE t RESTRICT',
    'DESCRIBE PIPE d.s.p',
    'DESCRIBE FUNCTION f(INT)',
    'SHOW PIPES',
    "SHOW TERSE TABLES HISTORY LIKE '%flow%' IN SCHEMA d.s STARTS WITH 'V' LIMIT 10 FROM 'x'",
    'SHOW STAGES IN ACCOUNT',
    'SHOW STREAMS IN DATABASE',
    'SHOW TASKS IN d.s',
    "SHOW FILE FORMATS LIKE 'a'",
    'SHOW STORAGE INTEGRATIONS',
  ])('%s', (text) => {
    expect(canonical(text)).toBe(text)
  })
})

describe('further spellings', () => {
  test.each([
    ['desc integration i', 'DESCRIBE STORAGE INTEGRATION i'],
    ['drop integration i', 'DROP STORAGE INTEGRATION i'],
    ['show integrations', 'SHOW STORAGE INTEGRATIONS'],
    ['show user functions', 'SHOW FUNCTIONS'],
    ['alter integration i set enabled = true', 'ALTER STORAGE INTEGRATION i SET ENABLED = TRUE'],
    ['use d', 'USE DATABASE d'],
    ['use d.s', 'USE SCHEMA d.s'],
    ['use database', 'USE DATABASE database'],
    ['ls @s', 'LIST @s'],
    ['rm @s/a', 'REMOVE @s/a'],
    ["ls '@s/a'", 'LIST @s/a'],
    ['create stage d..s', 'CREATE STAGE d.PUBLIC.s'],
    ['create temp stage s', 'CREATE TEMPORARY STAGE s'],
    ['create local temporary table t (a variant)', 'CREATE TEMPORARY TABLE t ( a VARIANT )'],
    [
      "create file format f field_delimiter = 'none', skip_header = 1",
      'CREATE FILE FORMAT f TYPE = CSV FIELD_DELIMITER = NONE SKIP_HEADER = 1',
    ],
    [
      "create file format f use_logical_type = true type 'parquet'",
      'CREATE FILE FORMAT f TYPE = PARQUET USE_LOGICAL_TYPE = TRUE',
    ],
    ['create stage s file_format = f', 'CREATE STAGE s FILE_FORMAT = (FORMAT_NAME = f)'],
    ['create stage s file_format = \'d."s".f\'', 'CREATE STAGE s FILE_FORMAT = (FORMAT_NAME = d."s".f)'],
    ["create stage s file_format = (format_name = 'f')", 'CREATE STAGE s FILE_FORMAT = (FORMAT_NAME = f)'],
    ['create stage s file_format (format_name f)', 'CREATE STAGE s FILE_FORMAT = (FORMAT_NAME = f)'],
    [
      'create stage s file_format = (skip_header=1, type=csv)',
      'CREATE STAGE s FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1)',
    ],
    [
      'copy into t from @s on_error = skip_file_5%, force = true',
      "COPY INTO t FROM @s ON_ERROR = 'SKIP_FILE_5%' FORCE = TRUE",
    ],
    [
      "copy into t from @s on_error = 'continue' validation_mode = 'return_errors'",
      'COPY INTO t FROM @s ON_ERROR = CONTINUE VALIDATION_MODE = RETURN_ERRORS',
    ],
    ['copy into @s from t header', 'COPY INTO @s FROM t HEADER = TRUE'],
    ['copy into @s from t header overwrite = true', 'COPY INTO @s FROM t OVERWRITE = TRUE HEADER = TRUE'],
    [
      "create task t warehouse = 'w' schedule = '5 m' as select 1",
      "CREATE TASK t WAREHOUSE = w SCHEDULE = '5 MINUTE' AS select 1",
    ],
    [
      "create task t schedule = 'using cron  0 0 1 1 *  UTC' as select 1",
      "CREATE TASK t SCHEDULE = 'USING CRON 0 0 1 1 * UTC' AS select 1",
    ],
    ["create function f(a int) returns int as 'a + ''x'''", "CREATE FUNCTION f(a INT) RETURNS INT AS $$a + 'x'$$"],
    ["create function f() returns int as 'a $$ b'", "CREATE FUNCTION f() RETURNS INT AS 'a $$ b'"],
  ])('%s', (text, printed) => {
    expect(canonical(text)).toBe(printed)
  })
})
