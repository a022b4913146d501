import { readdirSync } from 'node:fs'
import type { LogType, Sample } from './log-type.ts'
import { programFolder } from '../program.ts'

const folder = new URL('log-types/', programFolder)

function isLogType(value: unknown): value is LogType {
  return typeof value === 'object' && value !== null && 'table' in value && 'recognises' in value
}

async function readFolder(): Promise<readonly LogType[]> {
  const files = readdirSync(folder).filter((name) => /(?<!\.d)\.[jt]s$/.test(name))
  const modules: unknown[] = await Promise.all(files.toSorted().map((file) => import(new URL(file, folder).href)))
  return modules
    .map((module) =>
      typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined,
    )
    .filter(isLogType)
}

/** Every log type: one for each file in `src/log-types/`. */
export const logTypes: readonly LogType[] = await readFolder()

export function logTypeNamed(name: string): LogType | undefined {
  return logTypes.find((type) => type.name === name || type.table === name)
}

/** The one type that recognises a file's beginning; undefined when none does, or several. */
export function recogniseType(sample: Sample): LogType | undefined {
  const matches = logTypes.filter((type) => type.recognises(sample))
  return matches.length === 1 ? matches[0] : undefined
}
