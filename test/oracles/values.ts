import type { Column, ColumnKind } from '../../src/log-type/log-type.ts'
import { canonicalAddress } from './addresses.ts'
import type { Cell } from './reading.ts'
import { redactSecrets } from './secrets.ts'
import { clfMicros } from './times.ts'
import { decodeUtf8, isUtf8 } from './utf8.ts'

const maxEnumBytes = 64

/** A value that fits its column, or the code of the reason why it does not. */
export type Judged = { readonly cell: Cell } | { readonly code: string }

export interface ValueReader {
  /** `logged` is a byte string of well-formed UTF-8, neither empty nor `-`. */
  read(column: Column, logged: string): Judged
}

export function createValueReader(redact: boolean): ValueReader {
  return { read: (column, logged) => judge(column.kind, logged, redact) }
}

function judge(kind: ColumnKind, logged: string, redact: boolean): Judged {
  switch (kind) {
    case 'text':
      return { cell: decodeUtf8(logged) }
    case 'enum':
      return cellOr('NOT_ENUM', logged.length > maxEnumBytes ? null : decodeUtf8(logged))
    case 'uri':
      return { cell: decodeUtf8(redact ? redactSecrets(logged) : logged) }
    case 'tag':
      return { cell: decodeUtf8(percentDecoded(logged) ?? logged) }
    case 'address':
      return cellOr('NOT_ADDRESS', canonicalAddress(logged))
    case 'integer':
      return cellOr('NOT_INTEGER', smallNumber(logged))
    case 'bigint':
      return cellOr('NOT_INTEGER', numberUpTo(9_223_372_036_854_775_807n, logged))
    case 'epoch':
      return cellOr('NOT_TIME', epochMicros(logged))
    case 'clf-time':
      return cellOr('NOT_TIME', clfMicros(logged))
    default:
      return kind satisfies never
  }
}

function cellOr(code: string, cell: Cell | null): Judged {
  return cell === null ? { code } : { cell }
}

/** The bytes that percent sequences stand for; null when one is malformed or the result is not text. */
export function percentDecoded(logged: string): string | null {
  if (/%(?![0-9A-Fa-f]{2})/.test(logged)) return null
  const bytes = logged.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return bytes.includes('\0') || !isUtf8(bytes) ? null : bytes
}

function numberUpTo(max: bigint, digits: string): bigint | null {
  if (!/^[0-9]{1,19}$/.test(digits)) return null
  const value = BigInt(digits)
  return value <= max ? value : null
}

function smallNumber(digits: string): number | null {
  const value = /^[0-9]{1,19}$/.test(digits) ? Number(digits) : Number.NaN
  return value <= 2_147_483_647 ? value : null
}

function epochMicros(digits: string): bigint | null {
  const seconds = numberUpTo(253_402_300_799n, digits)
  return seconds === null ? null : seconds * 1_000_000n
}
