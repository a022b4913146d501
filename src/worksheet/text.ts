import { parse } from 'yaml'
import { z } from 'zod'
import { MillraceError, messageOf } from '../errors.ts'
import { type Worksheet, worksheetShape } from './shape.ts'

/** The text of a worksheet's file: what is known of it in a first comment, then the SQL as it was written. */
export function printWorksheet({ title, dialect, engine, sql }: Worksheet): string {
  const settings = [
    ...(dialect === 'duckdb' ? [] : [`dialect: ${dialect}`]),
    ...(engine === undefined || engine === 'lake' ? [] : [`engine: ${engine}`]),
  ]
  return ['/*---', `title: ${titleText(title)}`, ...settings, '---*/', sql].join('\n')
}

/** A title that would end the comment, or be more than text in YAML, is quoted. */
function titleText(title: string): string {
  return /^\p{L}[\p{L}\p{N} _-]*[\p{L}\p{N}]$/u.test(title) && !/^(true|false|null|yes|no|on|off)$/i.test(title)
    ? title
    : JSON.stringify(title).replaceAll('*/', String.raw`*\/`)
}

/** Reads the text of a worksheet's file. One without front matter is SQL, called by its name. */
export function parseWorksheet(name: string, text: string): Worksheet {
  const match = /^\/\*---\r?\n([\s\S]*?)\r?\n---\*\/(?:\r?\n|$)([\s\S]*)$/.exec(text)
  const settings = match === null ? { title: name } : yamlOf(name, match[1] ?? '')
  const sql = match === null ? text : (match[2] ?? '')
  const read = worksheetShape.safeParse(isObject(settings) ? { ...settings, sql } : settings)
  if (read.success) return read.data
  throw invalid(name, z.prettifyError(read.error).replaceAll(/\s+/g, ' '))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function yamlOf(name: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 })
  } catch (error) {
    throw invalid(name, messageOf(error).split('\n')[0] ?? '', error)
  }
}

function invalid(name: string, why: string, cause?: unknown): MillraceError {
  return new MillraceError(
    'WORKSHEET_INVALID',
    `The worksheet ${name} cannot be read: ${why}. Correct or delete worksheets/${name}.sql in the lake.`,
    cause,
  )
}
