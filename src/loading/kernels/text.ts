// Checks and rewrites of text: lines, UTF-8, secrets, percent-encoding.

/** A buffer that grows, for values that are rewritten before they are stored. */
@unmanaged
export class Scratch {
  at: usize
  used: i32
  capacity: i32
}

export function createScratch(): Scratch {
  const s = changetype<Scratch>(heap.alloc(offsetof<Scratch>()))
  s.capacity = 4096
  s.at = heap.alloc(4096 + 16)
  s.used = 0
  return s
}

export function reserve(s: Scratch, bytes: i32): void {
  if (s.used + bytes <= s.capacity) return
  s.capacity = max(s.used + bytes, s.capacity * 2)
  s.at = heap.realloc(s.at, s.capacity + 16)
}

@inline
export function put(s: Scratch, byte: i32): void {
  store<u8>(s.at + s.used, <u8>byte)
  s.used++
}

/** True when the line that `endOfLine` measured last holds only printable ASCII. */
export let isPlain: bool = true

/** Address of the next newline, or `limit` when there is none. Sets `isPlain`. */
export function endOfLine(at: usize, limit: usize): usize {
  const newline = i8x16.splat(10)
  const space = i8x16.splat(32)
  let odd: i32 = 0
  isPlain = true
  while (at + 16 <= limit) {
    const block = v128.load(at)
    const ends = i8x16.bitmask(i8x16.eq(block, newline))
    // Signed: bytes below a space, and bytes of 128 and above.
    const strange = i8x16.bitmask(i8x16.lt_s(block, space))
    if (ends != 0) {
      const position = ctz(ends)
      odd |= strange & ((1 << position) - 1)
      isPlain = odd == 0
      return at + position
    }
    odd |= strange
    at += 16
  }
  while (at < limit) {
    const byte = load<i8>(at)
    if (byte == 10) break
    if (byte < 32) odd = 1
    at++
  }
  isPlain = odd == 0
  return at
}

/** Address of the next space; one must stand at or before the end of what is read. */
@inline
export function endOfWord(at: usize): usize {
  let zero: u64 = 0
  do {
    const word = load<u64>(at) ^ 0x2020202020202020
    zero = (word - 0x0101010101010101) & ~word & 0x8080808080808080
    at += 8
  } while (zero == 0)
  return at - 8 + <usize>(ctz(zero) >> 3)
}

/** Bytes of the well-formed UTF-8 sequence at `at` (Unicode 16, table 3-7), or 0. */
function sequenceLength(at: usize, end: usize): i32 {
  const first = load<u8>(at)
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4 || at + 1 >= end) return 0
  const second = load<u8>(at + 1)
  let low: u8 = 0x80
  let high: u8 = 0xbf
  if (first == 0xe0) low = 0xa0
  else if (first == 0xed) high = 0x9f
  else if (first == 0xf0) low = 0x90
  else if (first == 0xf4) high = 0x8f
  if (second < low || second > high) return 0
  if (first < 0xe0) return 2
  if (at + 2 >= end || (load<u8>(at + 2) & 0xc0) != 0x80) return 0
  if (first < 0xf0) return 3
  if (at + 3 >= end || (load<u8>(at + 3) & 0xc0) != 0x80) return 0
  return 4
}

export function isUtf8(at: usize, end: usize): bool {
  while (at < end) {
    const length = sequenceLength(at, end)
    if (length == 0) return false
    at += length
  }
  return true
}

export function hasByteBelow(at: usize, end: usize, bound: u8): bool {
  for (; at < end; at++) if (load<u8>(at) < bound) return true
  return false
}

export function hasByte(at: usize, end: usize, byte: u8): bool {
  for (; at < end; at++) if (load<u8>(at) == byte) return true
  return false
}

/** Appends text with every byte that is not UTF-8 as U+FFFD and NUL as U+2400. */
export function putReadable(s: Scratch, at: usize, end: usize): void {
  reserve(s, <i32>(end - at) * 3 + 4)
  while (at < end) {
    const length = sequenceLength(at, end)
    const byte = load<u8>(at)
    if (length == 0) {
      put(s, 0xef)
      put(s, 0xbf)
      put(s, 0xbd)
      at++
    } else if (byte == 0) {
      put(s, 0xe2)
      put(s, 0x90)
      put(s, 0x80)
      at++
    } else {
      for (let i = 0; i < length; i++) put(s, load<u8>(at + i))
      at += length
    }
  }
}

@inline
function lower(byte: u8): u8 {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte
}

function isName(at: usize, length: i32, name: string): bool {
  if (name.length != length) return false
  for (let i = 0; i < length; i++) if (<u16>lower(load<u8>(at + i)) != <u16>name.charCodeAt(i)) return false
  return true
}

/** Query parameters whose value is a secret: whoever holds it can act with it. */
function isSecret(at: usize, length: i32): bool {
  return (
    isName(at, length, 'x-amz-signature') || isName(at, length, 'x-amz-security-token') || isName(at, length, 'signature') ||
    isName(at, length, 'awsaccesskeyid') || isName(at, length, 'token') || isName(at, length, 'access_token') ||
    isName(at, length, 'id_token') || isName(at, length, 'refresh_token') || isName(at, length, 'client_secret') ||
    isName(at, length, 'sig') || isName(at, length, 'x-goog-signature') || isName(at, length, 'password') ||
    isName(at, length, 'secret') || isName(at, length, 'api_key') || isName(at, length, 'apikey')
  )
}

@inline
function endsName(byte: u8): bool {
  return byte == 63 || byte == 38 || byte == 32 || byte == 34 || byte == 59 || byte == 35 // ? & space " ; #
}

/** Appends text with the values of secret query parameters replaced by REDACTED. True when there was one. */
export function putRedacted(s: Scratch, at: usize, end: usize): bool {
  reserve(s, <i32>(end - at) * 5 + 16)
  let found = false
  let nameStart = at
  while (at < end) {
    const byte = load<u8>(at)
    put(s, byte)
    at++
    if (endsName(byte)) nameStart = at
    else if (byte == 61) {
      if (isSecret(nameStart, <i32>(at - 1 - nameStart)) && at < end) {
        const valueStart = at
        while (at < end && load<u8>(at) != 38 && load<u8>(at) != 32 && load<u8>(at) != 34) at++
        if (at > valueStart) {
          found = true
          put(s, 82) // REDACTED
          put(s, 69)
          put(s, 68)
          put(s, 65)
          put(s, 67)
          put(s, 84)
          put(s, 69)
          put(s, 68)
        }
      }
      nameStart = at
    }
  }
  return found
}

@inline
function hexDigit(byte: u8): i32 {
  if (byte >= 48 && byte <= 57) return byte - 48
  const letter = byte | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

/** Appends text with %XX decoded. False, with nothing appended, when a % is malformed or the result is not UTF-8 or holds NUL. */
export function putDecoded(s: Scratch, at: usize, end: usize): bool {
  const before = s.used
  reserve(s, <i32>(end - at))
  while (at < end) {
    const byte = load<u8>(at)
    if (byte == 37) {
      const high = at + 2 < end ? hexDigit(load<u8>(at + 1)) : -1
      const low = at + 2 < end ? hexDigit(load<u8>(at + 2)) : -1
      if (high < 0 || low < 0 || (high | low) == 0) {
        s.used = before
        return false
      }
      put(s, (high << 4) | low)
      at += 3
    } else {
      put(s, byte)
      at++
    }
  }
  if (isUtf8(s.at + before, s.at + s.used)) return true
  s.used = before
  return false
}

/** Appends text as the inside of a JSON string. */
export function putJson(s: Scratch, at: usize, end: usize): void {
  reserve(s, <i32>(end - at) * 6 + 2)
  for (; at < end; at++) {
    const byte = load<u8>(at)
    if (byte == 34 || byte == 92) {
      put(s, 92)
      put(s, byte)
    } else if (byte < 32) {
      put(s, 92)
      put(s, 117)
      put(s, 48)
      put(s, 48)
      put(s, 48 + (byte >> 4))
      const low = byte & 15
      put(s, low < 10 ? 48 + low : 87 + low)
    } else put(s, byte)
  }
}

export function putBytes(s: Scratch, at: usize, length: i32): void {
  reserve(s, length)
  memory.copy(s.at + s.used, at, length)
  s.used += length
}
