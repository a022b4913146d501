import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { builtFolder } from '../program.ts'

/** A kernel's memory and functions; src/loading/kernels/ documents them. */
export interface Kernel {
  readonly memory: WebAssembly.Memory
  readonly createColumns: (count: number, firstReject: number, hashSeed: number) => void
  readonly setColumn: (index: number, kind: number) => void
  readonly columnAddress: (index: number) => number
  readonly packCodes: (index: number) => number
  readonly reset: () => void
  readonly rows: WebAssembly.Global
  readonly rejects: WebAssembly.Global
  readonly beginFile: (id: number, account: bigint, regionLength: number, firstLine: bigint) => void
  readonly regionBuffer: () => number
  readonly line: WebAssembly.Global
  readonly skipped: WebAssembly.Global
  readonly skipLine: () => void
  readonly rejectLong: (at: number, end: number) => void
  readonly setFixedColumns: (first: number, firstReject: number) => void
  readonly setRedaction: (on: boolean) => void
  readonly countNewlines: (at: number, length: number) => number
  readonly inputBuffer: (size: number) => number
  readonly consumed: WebAssembly.Global
  readonly state: WebAssembly.Global
  readonly parse: (at: number, limit: number, isLast: boolean, takesHeader: boolean) => void
}

export interface FieldsKernel extends Kernel {
  readonly planBuffer: () => number
  readonly namesBuffer: (length: number) => number
  readonly setPlan: (
    count: number,
    least: number,
    extraAt: number,
    header: boolean,
    timestamp: boolean,
    surplus: boolean,
  ) => void
}

export interface AccessKernel extends Kernel {
  readonly planBuffer: () => number
  readonly setPlan: (objectKeyAt: number, extraAt: number) => void
}

export interface LinesKernel extends Kernel {
  readonly setPlan: (rawAt: number) => void
}

type Kind = 'function' | 'global' | 'memory'
/** What must be exported, by its kind. A schema of zod took two thirds of the time that a parser needs to start. */
type Exports<K extends Kernel> = Readonly<Record<keyof K, Kind>>

const shared: Exports<Kernel> = {
  memory: 'memory',
  createColumns: 'function',
  setColumn: 'function',
  columnAddress: 'function',
  packCodes: 'function',
  reset: 'function',
  rows: 'global',
  rejects: 'global',
  beginFile: 'function',
  regionBuffer: 'function',
  line: 'global',
  skipped: 'global',
  skipLine: 'function',
  rejectLong: 'function',
  setFixedColumns: 'function',
  setRedaction: 'function',
  countNewlines: 'function',
  inputBuffer: 'function',
  consumed: 'global',
  state: 'global',
  parse: 'function',
}
const fields: Exports<FieldsKernel> = {
  ...shared,
  planBuffer: 'function',
  namesBuffer: 'function',
  setPlan: 'function',
}
const access: Exports<AccessKernel> = { ...shared, planBuffer: 'function', setPlan: 'function' }
const lines: Exports<LinesKernel> = { ...shared, setPlan: 'function' }

const folder = new URL('loading/kernels/', builtFolder)

function instantiate<K extends Kernel>(name: string, kinds: Exports<K>): K {
  const module = new WebAssembly.Module(readFileSync(new URL(`${name}.wasm`, folder)))
  const abort = (): never => {
    throw new RangeError(`the ${name} kernel ran out of memory`)
  }
  const { exports } = new WebAssembly.Instance(module, { env: { abort } })
  if (!exportsAll(exports, kinds)) throw new TypeError(`The ${name} kernel is of another build. Run "npm run build".`)
  return exports
}

function exportsAll<K extends Kernel>(exports: object, kinds: Exports<K>): exports is K {
  const values = new Map<string, unknown>(Object.entries(exports))
  return Object.entries<Kind>(kinds).every(([name, kind]) => isOfKind(values.get(name), kind))
}

function isOfKind(value: unknown, kind: Kind): boolean {
  if (kind === 'function') return typeof value === 'function'
  return value instanceof (kind === 'global' ? WebAssembly.Global : WebAssembly.Memory)
}

export const createKernel = {
  fields: (): FieldsKernel => instantiate('fields', fields),
  s3Access: (): AccessKernel => instantiate('s3-access', access),
  lines: (): LinesKernel => instantiate('lines', lines),
}

/** A counter the kernel exports, as a number. */
export function valueOf(global: WebAssembly.Global): number {
  return Number(global.value)
}

/** A seed nobody outside can know, so that no log line is made to collide in the dictionaries. */
export function hashSeed(): number {
  return randomBytes(4).readUInt32LE()
}
