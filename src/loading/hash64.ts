import { hash } from 'node:crypto'

/** 64 bits of SHA-256 as the engine's BIGINT. */
export function hash64(text: string): bigint {
  return hash('sha256', text, 'buffer').readBigInt64LE(0)
}
