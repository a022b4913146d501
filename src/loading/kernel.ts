import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const fn = <F>() => z.custom<F>((value) => typeof value === 'function')
const counter = z.instanceof(WebAssembly.Global)

const sharedExports = {
  memory: z.instanceof(WebAssembly.Memory),
  createColumns: fn<(count: number, firstReject: number, hashSeed: number) => void>(),
  setColumn: fn<(index: number, kind: number) => void>(),
  columnAddress: fn<(index: number) => number>(),
  packCodes: fn<(index: number) => number>(),
  reset: fn<() => void>(),
  rows: counter,
  rejects: counter,
  beginFile: fn<(id: number, account: bigint, regionLength: number, firstLine: bigint) => void>(),
  regionBuffer: fn<() => number>(),
  line: counter,
  skipped: counter,
  skipLine: fn<() => void>(),
  rejectLong: fn<(at: number, end: number) => void>(),
  setFixedColumns: fn<(first: number, firstReject: number) => void>(),
  setRedaction: fn<(on: boolean) => void>(),
  countNewlines: fn<(at: number, length: number) => number>(),
  inputBuffer: fn<(size: number) => number>(),
  consumed: counter,
  state: counter,
  parse: fn<(at: number, limit: number, isLast: boolean, takesHeader: boolean) => void>(),
}

const kernelExports = {
  fields: z.object({
    ...sharedExports,
    planBuffer: fn<() => number>(),
    namesBuffer: fn<(length: number) => number>(),
    setPlan:
      fn<
        (count: number, least: number, extraAt: number, header: boolean, timestamp: boolean, surplus: boolean) => void
      >(),
  }),
  's3-access': z.object({
    ...sharedExports,
    planBuffer: fn<() => number>(),
    setPlan: fn<(objectKeyAt: number, extraAt: number) => void>(),
  }),
  lines: z.object({ ...sharedExports, setPlan: fn<(rawAt: number) => void>() }),
} as const

/** A kernel's memory and functions; src/loading/kernels/ documents them. */
export type Kernel = z.infer<(typeof kernelExports)['lines' | 'fields' | 's3-access']>
export type FieldsKernel = z.infer<(typeof kernelExports)['fields']>
export type AccessKernel = z.infer<(typeof kernelExports)['s3-access']>
export type LinesKernel = z.infer<(typeof kernelExports)['lines']>

// Compiled kernels lie in dist/ only; tests run the sources beside them.
const folder = new URL(import.meta.url.endsWith('.ts') ? '../../dist/loading/kernels/' : './kernels/', import.meta.url)

function instantiate(name: string): unknown {
  const module = new WebAssembly.Module(readFileSync(new URL(`${name}.wasm`, folder)))
  const abort = (): never => {
    throw new RangeError(`the ${name} kernel ran out of memory`)
  }
  return { ...new WebAssembly.Instance(module, { env: { abort } }).exports }
}

export const createKernel = {
  fields: (): FieldsKernel => kernelExports.fields.parse(instantiate('fields')),
  s3Access: (): AccessKernel => kernelExports['s3-access'].parse(instantiate('s3-access')),
  lines: (): LinesKernel => kernelExports.lines.parse(instantiate('lines')),
}

/** A counter the kernel exports, as a number. */
export function valueOf(global: WebAssembly.Global): number {
  return Number(global.value)
}

/** A seed nobody outside can know, so that no log line is made to collide in the dictionaries. */
export function hashSeed(): number {
  return randomBytes(4).readUInt32LE()
}
