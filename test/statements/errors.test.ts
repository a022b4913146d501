import { describe, expect, test } from 'vitest'
import { parseStatement } from '../../src/sql/script.ts'
import { statusOf } from '../../src/server/failures.ts'
import { failureOf, refusalOf } from './failure.ts'

test('an error has code, exit code, HTTP status, line, column and offset', () => {
  const error = failureOf(() =>
    parseStatement('create warehouse w with\n  AUTO_SUSPEND = 300\n  WAREHOUSE_SIZE = MEDUIM;'),
  )

  expect(error).toMatchObject({
    code: 'STATEMENT_INVALID',
    exitCode: 2,
    message:
      'line 3: WAREHOUSE_SIZE expects XSMALL, SMALL, MEDIUM, LARGE, XLARGE, XXLARGE, XXXLARGE, X4LARGE, X5LARGE, X6LARGE, found MEDUIM (did you mean MEDIUM?)',
    place: { offset: 64, line: 3, column: 20 },
  })
  expect(statusOf({ code: error.code, message: '' })).toBe(400)
})

describe('options', () => {
  test.each([
    [
      "create stage s urll = 's3://x'",
      'CREATE STAGE has no option urll (did you mean URL?); it takes URL, ENDPOINT, STORAGE_INTEGRATION, AWS_ACCESS_POINT_ARN, REQUESTER_PAYS, USE_PRIVATELINK_ENDPOINT, ENCRYPTION, DIRECTORY, FILE_FORMAT, COMMENT',
      'urll',
    ],
    [
      'create pipe p autoingest = true as copy into t from @s',
      'CREATE PIPE has no option autoingest (did you mean AUTO_INGEST?); it takes AUTO_INGEST, AWS_SNS_TOPIC, QUEUE, RECONCILE, START, INTEGRATION, ERROR_INTEGRATION, COMMENT, AS COPY INTO',
      'autoingest',
    ],
    ["create stage s url='s3://x' comment='a' url='s3://y'", 'CREATE STAGE has URL twice; give it once', 'url'],
    [
      'create file format f type = csv type = json',
      'CREATE FILE FORMAT with TYPE = CSV has TYPE twice; give it once',
      'type',
    ],
    [
      "create file format f comment='a' comment='b'",
      'CREATE FILE FORMAT with TYPE = CSV has COMMENT twice; give it once',
      'comment',
    ],
    ['alter task t unset comment, comment', 'ALTER TASK has COMMENT twice; give it once', 'comment'],
    ['create task t after a after b as select 1', 'CREATE TASK has AFTER twice; give it once', 'after'],
    [
      'copy into @s from t partition by (a) partition by (b)',
      'COPY INTO has PARTITION BY twice; give it once',
      'partition',
    ],
    [
      "create file format f type = parquet field_delimiter = ','",
      'CREATE FILE FORMAT with TYPE = PARQUET has no option field_delimiter; it takes COMPRESSION, SNAPPY_COMPRESSION, BINARY_AS_TEXT, USE_LOGICAL_TYPE, TRIM_SPACE, USE_VECTORIZED_SCANNER, REPLACE_INVALID_CHARACTERS, NULL_IF, TYPE, COMMENT',
      'field_delimiter',
    ],
    [
      'copy into t from @s file_format = (type = s3_access_logs skip_header = 1)',
      'FILE_FORMAT with TYPE = S3_ACCESS_LOGS has no option skip_header; it takes TYPE, FORMAT_NAME',
      'skip_header',
    ],
    [
      'create file format f type = avro',
      'TYPE expects CSV, JSON, PARQUET, VPC_FLOW_LOGS, TGW_FLOW_LOGS, S3_ACCESS_LOGS, WEB_ACCESS_LOGS, found avro',
      'avro',
    ],
    [
      'alter file format f set type = json',
      'ALTER FILE FORMAT takes no TYPE: the type of a file format cannot change; make another with CREATE OR REPLACE FILE FORMAT',
      'type',
    ],
    ['create stage s comment', "COMMENT expects a text in single quotes ('…'), found the end of the statement", ''],
    ['create stage s comment = hello', "COMMENT expects a text in single quotes ('…'), found hello", 'hello'],
    [
      "create stage s comment = 'a',",
      'CREATE STAGE expects one of URL, ENDPOINT, STORAGE_INTEGRATION, AWS_ACCESS_POINT_ARN, REQUESTER_PAYS, USE_PRIVATELINK_ENDPOINT, ENCRYPTION, DIRECTORY, FILE_FORMAT, COMMENT, found the end of the statement',
      '',
    ],
    ['create warehouse w auto_resume = yes', 'AUTO_RESUME expects TRUE, FALSE, found yes', 'yes'],
    ['create warehouse w auto_suspend = soon', 'AUTO_SUSPEND expects a whole number of at least 0, found soon', 'soon'],
    ['create warehouse w auto_suspend = -1', 'AUTO_SUSPEND expects a whole number of at least 0, found -', '-1'],
    ['create warehouse w auto_suspend = 1.5', 'AUTO_SUSPEND expects a whole number of at least 0, found 1.5', '1.5'],
    [
      'create database d data_retention_time_in_days = 91',
      'DATA_RETENTION_TIME_IN_DAYS expects a whole number from 0 to 90, found 91',
      '91',
    ],
    ["create file format f null_if = 'x'", "NULL_IF expects a list in brackets, as ('a', 'b'), found 'x'", "'x'"],
    ["create file format f null_if = ('x' 'y')", "NULL_IF expects , or ), found 'y'", "'y')"],
    [
      'create file format f field_delimiter = ,',
      "FIELD_DELIMITER expects a text in single quotes ('…') or NONE, found ,",
      ',',
    ],
    ['create file format f encoding = 1', "ENCODING expects a text in single quotes ('…') or UTF8, found 1", '1'],
    [
      "create stage s file_format = (format_name = 'a b')",
      "FORMAT_NAME expects a name such as schema.name, found 'a b'",
      "'a",
    ],
    ['create stage s file_format = (format_name = f type = csv)', 'FILE_FORMAT expects ), found type', 'type'],
    [
      'alter pipe p set',
      'ALTER PIPE expects an option behind SET, such as PIPE_EXECUTION_PAUSED, QUEUE, RECONCILE, ERROR_INTEGRATION, COMMENT, found the end of the statement',
      '',
    ],
  ])('%s', (text, message, at) => {
    expect(refusalOf(text)).toEqual([message, at])
  })
})

describe('values with a form of their own', () => {
  test.each([
    [
      "create stage s url = 'azure://x'",
      "URL expects 's3://bucket/path/', 'file:///path/' for a folder of this machine, 'cloudwatch://region/log-group', or 'firehose://name' for what Firehose posts, found 'azure://x'",
    ],
    [
      "alter storage integration i set storage_allowed_locations = ('s3:/b')",
      "STORAGE_ALLOWED_LOCATIONS expects a location such as 's3://bucket/path/' or '*', found 's3:/b'",
    ],
    [
      "alter storage integration i set storage_aws_role_arn = 'me'",
      "STORAGE_AWS_ROLE_ARN expects the ARN of a role, as 'arn:aws:iam::123456789012:role/name', found 'me'",
    ],
    [
      'alter storage integration i set storage_provider = gcs',
      'STORAGE_PROVIDER expects S3, S3GOV, S3CHINA, found gcs',
    ],
    [
      "alter pipe p set queue = 'q'",
      "QUEUE expects the ARN or URL of a queue, as 'arn:aws:sqs:us-east-1:123456789012:name', found 'q'",
    ],
    [
      "create pipe p aws_sns_topic = 't' as copy into t from @s",
      "AWS_SNS_TOPIC expects the ARN of a topic, as 'arn:aws:sns:us-east-1:123456789012:name', found 't'",
    ],
    [
      "alter pipe p refresh modified_after = 'yesterday'",
      "MODIFIED_AFTER expects a time such as '2026-11-20T12:00:00Z', found 'yesterday'",
    ],
    [
      "alter pipe p refresh modified_after = '2026-13-20'",
      "MODIFIED_AFTER expects a time such as '2026-11-20T12:00:00Z', found '2026-13-20'",
    ],
    [
      "create task t schedule = 'daily' as select 1",
      "SCHEDULE expects '10 MINUTES' or 'USING CRON 0 9 * * * UTC', found 'daily'",
    ],
    [
      "create task t schedule = '0 minutes' as select 1",
      "SCHEDULE expects '10 MINUTES' or 'USING CRON 0 9 * * * UTC', found '0 minutes'",
    ],
    [
      "create task t schedule = 'using cron 0 9 * * *' as select 1",
      "SCHEDULE expects '10 MINUTES' or 'USING CRON 0 9 * * * UTC', found 'using cron 0 9 * * *'",
    ],
    [
      'copy into t from @s on_error = contineu',
      "ON_ERROR expects CONTINUE, SKIP_FILE, SKIP_FILE_10, 'SKIP_FILE_10%', ABORT_STATEMENT, found contineu (did you mean CONTINUE?)",
    ],
    [
      "copy into t from @s on_error = 'skip_file_101%'",
      "ON_ERROR expects CONTINUE, SKIP_FILE, SKIP_FILE_10, 'SKIP_FILE_10%', ABORT_STATEMENT, found 'skip_file_101%'",
    ],
    [
      'copy into t from @s validation_mode = return_0_rows',
      'VALIDATION_MODE expects RETURN_10_ROWS, RETURN_ERRORS, RETURN_ALL_ERRORS, found return_0_rows',
    ],
    [
      `copy into t from @s files = (${Array.from({ length: 1001 }, () => "'a'").join(',')})`,
      'FILES takes at most 1000 texts; give fewer',
    ],
  ])('%s', (text, message) => {
    expect(refusalOf(text)[0]).toBe(message)
  })
})
