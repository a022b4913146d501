import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLake } from '../../src/index.ts'

const database = 'millrace.duckdb'
let template: Promise<string> | undefined

async function makeTemplate(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-template-'))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  await (await openLake(directory)).close()
  return join(directory, database)
}

/** Puts an empty lake where none is: opening it then takes a third of the time that making one does. */
export async function placeEmptyLake(directory: string): Promise<void> {
  if (existsSync(directory)) return
  template ??= makeTemplate()
  const made = await template
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  copyFileSync(made, join(directory, database))
}
