// ClickHouse, as npm package chdb runs it in process: the same columns as Millrace's, typed, in a MergeTree on disk.
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { repository } from './library.mjs'

const missing =
  'ClickHouse is not there: run "npm install --no-save chdb@3.4.0", or name a folder that holds node_modules/chdb in MILLRACE_BENCH_CHDB.'

function requireFrom() {
  return createRequire(join(resolve(process.env['MILLRACE_BENCH_CHDB'] ?? repository), 'package.json'))
}

/** Whether chdb is installed; says how to install it when it is not. */
export function hasClickHouse() {
  try {
    requireFrom().resolve('chdb')
    return true
  } catch {
    console.error(`${missing} Millrace runs alone.`)
    return false
  }
}

/** A session on a folder; a process can have one. */
export function openSession(folder) {
  const { Session } = requireFrom()('chdb')
  return new Session(folder)
}

export function clickHouseVersion() {
  try {
    const chdb = requireFrom()('chdb/package.json')
    return `${chdb.optionalDependencies['@chdb/lib-linux-x64-gnu']} (chdb ${chdb.version})`
  } catch {
    return 'not installed'
  }
}

const numbers = {
  version: 'UInt8',
  srcport: 'UInt16',
  dstport: 'UInt16',
  protocol: 'UInt8',
  packets: 'UInt64',
  bytes: 'UInt64',
  'tcp-flags': 'UInt16',
  'traffic-path': 'UInt8',
  'encryption-status': 'UInt8',
}

/** Types as a careful user would choose them: addresses are plain strings, what repeats is LowCardinality. */
function typeOf(field) {
  if (field === 'start' || field === 'end') return 'DateTime'
  if (field.endsWith('addr')) return 'String'
  return field in numbers ? numbers[field] : 'LowCardinality(String)'
}

const name = (field) => `\`${field.replaceAll('-', '_')}\``

export function tableStatement(fields) {
  const columns = fields.map((field) => `${name(field)} ${typeOf(field)}`)
  return `create table vpc_flow_logs (${columns.join(', ')}) engine = MergeTree order by start`
}

/**
 * A field as it is read: the `-` of numbers (in NODATA records) is no value, and becomes 0 in the table. Text keeps its `-`. Columns
 * that can hold NULL would cost ClickHouse a little more, and so would its setting for bad values, by far.
 */
function readAs(field) {
  const type = typeOf(field)
  return `\`${field}\` ${field in numbers ? `Nullable(${type})` : type}`
}

/** Reads gzip files of one field order by position (CSV), or of any order by their headers (CSVWithNames), on two threads. */
export function insertStatement(fields, { source, byName, threads }) {
  const settings = {
    max_threads: threads,
    max_insert_threads: threads,
    format_csv_delimiter: "' '",
    input_format_csv_allow_whitespace_or_tab_as_delimiter: 1,
    format_csv_allow_double_quotes: 0,
    format_csv_allow_single_quotes: 0,
    format_csv_null_representation: "'-'",
    ...(byName ? {} : { input_format_csv_skip_first_lines: 1 }),
  }
  return `insert into vpc_flow_logs (${fields.map(name).join(', ')})
    select ${fields.map((field) => `\`${field}\``).join(', ')}
    from file('${source}/**/*.gz', '${byName ? 'CSVWithNames' : 'CSV'}', '${fields.map(readAs).join(', ')}')
    ${settingsClause(settings)}`
}

/** Ends a statement with its settings. */
export function settingsClause(settings) {
  const list = Object.entries({ session_timezone: "'UTC'", ...settings }).map(([key, value]) => `${key} = ${value}`)
  return `settings ${list.join(', ')}`
}
