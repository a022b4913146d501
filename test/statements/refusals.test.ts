import { describe, expect, test } from 'vitest'
import { refusalOf } from './failure.ts'

describe('what Millrace has not is refused with a word', () => {
  test.each([
    ['grant usage on x to role y', 'GRANT is not supported: there are no roles or users here; leave the statement out'],
    ['revoke all on x from y', 'REVOKE is not supported: there are no roles or users here; leave the statement out'],
    ['create role r', 'CREATE ROLE is not supported: there are no roles or users here; leave the statement out'],
    [
      'create or replace user u',
      'CREATE USER is not supported: there are no roles or users here; leave the statement out',
    ],
    [
      'use secondary roles all',
      'USE SECONDARY ROLES is not supported: there are no roles or users here; leave the statement out',
    ],
    [
      'create notification integration n',
      'CREATE NOTIFICATION INTEGRATION is not supported: only STORAGE INTEGRATION is known; leave the statement out',
    ],
    [
      'create or alter stage s',
      'CREATE OR ALTER is not supported: take CREATE OR REPLACE, or CREATE … IF NOT EXISTS and ALTER',
    ],
    [
      'put file:///a @s',
      'PUT is not supported: put files into the bucket or folder of a stage by other means; leave the statement out',
    ],
    [
      "create stage s url = 's3://b/' credentials = (aws_key_id = 'AKIA1' aws_secret_key = 'hush')",
      'CREATE STAGE takes no CREDENTIALS: Millrace stores no secrets; name a STORAGE_INTEGRATION, or set the keys in the environment (AWS_PROFILE, …)',
    ],
    [
      "create stage s encryption = (type = 'AWS_CSE' master_key = 'hush')",
      "TYPE expects AWS_SSE_S3, AWS_SSE_KMS, SNOWFLAKE_SSE, NONE, found 'AWS_CSE'",
    ],
    [
      "create stage s encryption = (master_key = 'hush')",
      'ENCRYPTION takes no MASTER_KEY: Millrace stores no secrets; name a STORAGE_INTEGRATION, or set the keys in the environment (AWS_PROFILE, …)',
    ],
    [
      'copy into t from @~/a',
      'COPY INTO takes no user stage @~: Millrace has none; make a stage with CREATE STAGE and name that',
    ],
    [
      'list @d.s.%t',
      'LIST takes no table stage @d.s.%t: Millrace has none; make a stage with CREATE STAGE and name that',
    ],
    [
      "copy into t from 's3://b/'",
      "COPY INTO reads and writes stages: make one with URL = '…' (CREATE STAGE) and name it as @stage/path",
    ],
    [
      "copy into 's3://b/' from t",
      "COPY INTO reads and writes stages: make one with URL = '…' (CREATE STAGE) and name it as @stage/path",
    ],
    [
      'create stream s on table t at (offset => -60)',
      'CREATE STREAM takes no AT: there is no time travel; a stream begins now, or with the rows of now by SHOW_INITIAL_ROWS = TRUE',
    ],
    [
      'create database d clone e',
      'CREATE DATABASE takes no CLONE: there are no clones; make it new, or restore a backup',
    ],
    [
      'create schema s with managed access',
      'CREATE SCHEMA takes no WITH: there are no roles, so no MANAGED ACCESS; leave it out',
    ],
    [
      'create table t (a variant) cluster by (a)',
      'CREATE TABLE takes no CLUSTER: rows are kept as they come; leave CLUSTER BY out',
    ],
    [
      'create table t (a variant) as select 1',
      'CREATE TABLE takes no AS: a table with columns of its own is made empty; make it, then INSERT INTO it',
    ],
    ["create function f() returns int language java as 'x'", 'LANGUAGE expects SQL, JAVASCRIPT, PYTHON, found java'],
    [
      "create function f() returns int secrets = ('a' = b) as 'x'",
      'CREATE FUNCTION takes no SECRETS: functions run in a cage without network or secrets; leave it out',
    ],
  ])('%s', (text, message) => {
    const [words] = refusalOf(text)
    expect(words).toBe(message)
    expect(words).not.toMatch(/hush|AKIA/)
  })
})

describe('options that do not go together', () => {
  test.each([
    ['create pipe p as copy into t from @s force = true', 'FORCE is not for the COPY of a pipe; leave it out'],
    ["create pipe p as copy into t from @s files = ('a')", 'FILES is not for the COPY of a pipe; leave it out'],
    [
      'create pipe p as copy into t from @s on_error = abort_statement',
      'ON_ERROR = ABORT_STATEMENT is not for the COPY of a pipe; it takes CONTINUE or SKIP_FILE',
    ],
    [
      'copy into t from (select $1 from @s) match_by_column_name = none',
      'MATCH_BY_COLUMN_NAME is not for a COPY that selects; leave it out',
    ],
    [
      'copy into t from (select $1 from @s) validation_mode = return_errors',
      'VALIDATION_MODE is not for a COPY that selects; leave it out',
    ],
    [
      'copy into t from @s include_metadata = (a = metadata$filename)',
      'INCLUDE_METADATA needs MATCH_BY_COLUMN_NAME; add it',
    ],
    [
      'copy into @s from t partition by (a) single = true',
      'SINGLE = TRUE writes one file, PARTITION BY several; leave one out',
    ],
    [
      'copy into @s from t partition by (a) overwrite = true',
      'PARTITION BY gives files names of their own, so OVERWRITE = TRUE replaces none; leave it out',
    ],
    [
      'copy into @s from t include_query_id = false partition by (a)',
      'PARTITION BY always writes with INCLUDE_QUERY_ID = TRUE; leave the option out',
    ],
    ...['single', 'overwrite'].map((option): [string, string] => [
      `copy into @s from t ${option} = true include_query_id = true`,
      'INCLUDE_QUERY_ID = TRUE is not for SINGLE = TRUE or OVERWRITE = TRUE, which mean one name; leave one out',
    ]),
    ['create or replace stage if not exists s', 'CREATE STAGE takes OR REPLACE or IF NOT EXISTS, not both; keep one'],
    [
      "create function f() returns int strict called on null input as 'x'",
      'CREATE FUNCTION has CALLED ON NULL INPUT besides STRICT; keep one',
    ],
    [
      "create function f() returns int language python as 'x'",
      'CREATE FUNCTION expects HANDLER, the name of the Python function or class, before AS, found as',
    ],
  ])('%s', (text, message) => {
    expect(refusalOf(text)[0]).toBe(message)
  })
})

describe('statements that end too early, go on too long, or have other words', () => {
  test.each([
    ['create stage', 'CREATE STAGE expects a name, found the end of the statement', ''],
    ["create stage url = 's3://b/'", 'CREATE STAGE expects a name before its options, found url', 'url'],
    ['create stage a.b.c.d', 'CREATE STAGE expects a name of at most three parts: database.schema.name', 'a.b.c.d'],
    ['create stage ""', 'CREATE STAGE expects a name, found an empty one', '""'],
    ['create transient stage s', 'CREATE STAGE takes no TRANSIENT; leave that word out', 's'],
    [
      'create storage integration i type = external_stage',
      'CREATE STORAGE INTEGRATION expects STORAGE_PROVIDER, ENABLED, STORAGE_AWS_ROLE_ARN, STORAGE_ALLOWED_LOCATIONS, found the end of the statement',
      '',
    ],
    ['copy into t', 'COPY INTO expects FROM, found the end of the statement', ''],
    ['copy into t from x', 'COPY INTO expects a stage such as @stage/path, or (SELECT …), found x', 'x'],
    ['copy into t from ()', 'COPY INTO expects a stage such as @stage/path, or (SELECT …), found )', ')'],
    ['copy into t from (select 1', 'COPY INTO has a bracket ( that is not closed; add )', '(select'],
    ['copy into t from @', 'COPY INTO expects a stage such as @stage/path, found @', '@'],
    ['list s', 'LIST expects a stage such as @stage/path, found s', 's'],
    ['create pipe p as select 1', 'CREATE PIPE expects COPY INTO, found select', 'select'],
    ['create pipe p', 'CREATE PIPE expects AS, found the end of the statement', ''],
    ['alter pipe p reset', 'ALTER PIPE expects SET, UNSET, REFRESH, found reset', 'reset'],
    [
      'alter task t',
      'ALTER TASK expects SET, UNSET, RESUME, SUSPEND, ADD AFTER, REMOVE AFTER, REMOVE WHEN, MODIFY AS, MODIFY WHEN, found the end of the statement',
      '',
    ],
    ['alter task t resume now', 'ALTER TASK expects nothing more, found now', 'now'],
    ['create task t as', 'CREATE TASK expects a statement behind AS, found the end of the statement', ''],
    ['create task t when as select 1', 'CREATE TASK expects a condition behind WHEN, found as', 'as'],
    ['create stream s on stage t', 'CREATE STREAM expects TABLE or VIEW, found stage', 'stage'],
    ['create view v as', 'CREATE VIEW expects a query behind AS, found the end of the statement', ''],
    [
      'create table t (a variant',
      'CREATE TABLE expects NOT NULL, DEFAULT, COMMENT, a comma or ) behind the column a, found the end of the statement',
      '',
    ],
    [
      'create table t (a variant primary key)',
      'CREATE TABLE expects NOT NULL, DEFAULT, COMMENT, a comma or ) behind the column a, found primary',
      'primary',
    ],
    [
      'create function f() returns int as select 1',
      "CREATE FUNCTION expects a body in $$ … $$ or '…' behind AS, found select",
      'select',
    ],
    ['drop stage s t', 'DROP STAGE expects nothing more, found t', 't'],
    ['execute task t retry last', 'EXECUTE TASK expects nothing more, found retry', 'retry'],
    [
      "show pipes limit 10 like 'x'",
      "SHOW PIPES expects HISTORY, LIKE '…', IN …, STARTS WITH '…', LIMIT …, in this order, found like",
      'like',
    ],
    ['use a.b.c', 'USE expects a name of at most two parts, found a.b.c', ''],
    ['use warehouse a.b', 'USE WAREHOUSE expects a name of at most one part, found a.b', ''],
  ])('%s', (text, message, at) => {
    expect(refusalOf(text)).toEqual([message, at])
  })
})

test('types within types have an end', () => {
  const text = `create function f() returns ${'array('.repeat(40)}int${')'.repeat(40)} as 'x'`

  expect(refusalOf(text)[0]).toBe('CREATE FUNCTION has types within types more than 32 deep')
})
