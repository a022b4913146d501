// One value of a line into one column. Each returns 0 or a reason; ../reasons.ts words them.

import { Column, ENUM_FULL, pushEnum, pushInt32, pushInt64, pushKnown, pushText } from './columns'
import { Scratch, createScratch, putDecoded, putRedacted, hasByte } from './text'

export const FIELD_MISSING: i32 = 1
export const FIELD_SURPLUS: i32 = 2
export const FIELD_EMPTY: i32 = 3
export const NOT_INTEGER: i32 = 4
export const NOT_ADDRESS: i32 = 5
export const NOT_TIME: i32 = 6
export const NOT_ENUM: i32 = 7
export const NOT_UTF8: i32 = 8
export const HAS_NUL: i32 = 9
export const HAS_CONTROL: i32 = 10
export const TOO_LONG: i32 = 11
export const NO_OPERATION: i32 = 12
export const URI_OPEN: i32 = 13
export const QUOTE_OPEN: i32 = 14
export const NOT_QUOTED: i32 = 15
export const NOT_WORD: i32 = 16

/** Not a fault: the line is to be read again in a new segment. */
export const SEGMENT_FULL: i32 = 100

export const TEXT: i32 = 1
export const TAG: i32 = 2
export const ADDRESS: i32 = 3
export const ENUM: i32 = 4
export const INTEGER: i32 = 5
export const BIGINT: i32 = 6
export const EPOCH: i32 = 7
export const CLF_TIME: i32 = 8
export const URI: i32 = 9

const LAST_EPOCH: i64 = 253402300799 // 9999-12-31T23:59:59Z

let scratch: Scratch = createScratch()
let redacts: bool = true

/** Whether secrets in URIs are replaced by REDACTED. */
export function setRedaction(on: bool): void {
  redacts = on
}

export function redactionIsOn(): bool {
  return redacts
}

@inline
export function isDash(at: usize, end: usize): bool {
  return end - at == 1 && load<u8>(at) == 45
}

/** Value of a run of decimal digits, or -1: empty, other bytes, or above 2^63-1. */
export function decimal(at: usize, end: usize): i64 {
  const length = <i32>(end - at)
  if (length == 0 || length > 19) return -1
  let value: u64 = 0
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 48
    if (digit > 9) return -1
    value = value * 10 + digit
  }
  return <i64>value
}

@inline
function isOctet(at: usize, length: i32): bool {
  if (length == 1) return true
  const first = <i32>load<u8>(at) - 48
  if (length == 2) return first > 0
  return length == 3 && first > 0 && first * 100 + (<i32>load<u8>(at + 1) - 48) * 10 + <i32>load<u8>(at + 2) - 48 < 256
}

/** Length of the IPv4 address at `at` that a space follows, or 0. */
export function ipv4Length(at: usize): i32 {
  const block = v128.load(at)
  const length = ctz(i8x16.bitmask(i8x16.eq(block, i8x16.splat(32))) | 0x10000)
  if (length < 7 || length > 15) return 0
  const inside = (1 << length) - 1
  let dots = i8x16.bitmask(i8x16.eq(block, i8x16.splat(46))) & inside
  const digits = i8x16.bitmask(i8x16.lt_u(i8x16.sub(block, i8x16.splat(48)), i8x16.splat(10))) & inside
  if ((dots | digits) != inside || popcnt(dots) != 3) return 0
  const first = ctz(dots)
  dots &= dots - 1
  const second = ctz(dots)
  dots &= dots - 1
  const third = ctz(dots)
  const ok = first > 0 && second - first > 1 && third - second > 1 && length - third > 1 &&
    isOctet(at, first) && isOctet(at + first + 1, second - first - 1) && isOctet(at + second + 1, third - second - 1) && isOctet(at + third + 1, length - third - 1)
  return ok ? length : 0
}

/** True for four dotted numbers of 0 to 255 without leading zeros. */
function isIpv4(at: usize, end: usize): bool {
  if (end - at < 7 || end - at > 15) return false
  for (let part = 0; part < 4; part++) {
    let value: i32 = 0
    let digits = 0
    while (at < end) {
      const digit = <i32>load<u8>(at) - 48
      if (digit < 0 || digit > 9) break
      if (digits > 0 && value == 0) return false
      value = value * 10 + digit
      digits++
      at++
      if (digits > 3) return false
    }
    if (digits == 0 || value > 255) return false
    if (part < 3) {
      if (at >= end || load<u8>(at) != 46) return false
      at++
    }
  }
  return at == end
}

const groups: usize = memory.data(16, 8)
const canonical: usize = memory.data(64, 8)

/** Reads the text forms of RFC 4291 into eight groups; no zone. */
function readIpv6(at: usize, end: usize): bool {
  let count = 0
  let gap = -1
  if (end - at < 2) return false
  if (load<u8>(at) == 58) {
    if (load<u8>(at + 1) != 58) return false
    gap = 0
    at += 2
  }
  while (at < end) {
    if (count == 8) return false
    let value: i32 = 0
    let digits = 0
    const start = at
    while (at < end) {
      const byte = load<u8>(at)
      let digit = <i32>byte - 48
      if (digit < 0 || digit > 9) {
        const letter = <i32>(byte | 32) - 87
        if (letter < 10 || letter > 15) break
        digit = letter
      }
      value = (value << 4) | digit
      digits++
      at++
      if (digits > 4) return false
    }
    if (at < end && load<u8>(at) == 46) {
      if (count > 6 || !isIpv4(start, end)) return false
      let part = start
      for (let pair = 0; pair < 2; pair++) {
        let joined = 0
        for (let half = 0; half < 2; half++) {
          let octet = 0
          while (part < end && load<u8>(part) != 46) octet = octet * 10 + <i32>load<u8>(part++) - 48
          part++
          joined = (joined << 8) | octet
        }
        store<u16>(groups + <usize>(count << 1), <u16>joined)
        count++
      }
      at = end
      break
    }
    if (digits == 0) return false
    store<u16>(groups + <usize>(count << 1), <u16>value)
    count++
    if (at == end) break
    if (load<u8>(at) != 58) return false
    at++
    if (at == end) return false
    if (load<u8>(at) == 58) {
      if (gap >= 0) return false
      gap = count
      at++
    }
  }
  if (gap < 0) return count == 8
  if (count > 7) return false
  const moved = count - gap
  for (let i = 1; i <= moved; i++) store<u16>(groups + <usize>((8 - i) << 1), load<u16>(groups + <usize>((count - i) << 1)))
  for (let i = gap; i < 8 - moved; i++) store<u16>(groups + <usize>(i << 1), 0)
  return true
}

function hexAt(to: usize, value: i32): usize {
  let shift = 12
  while (shift > 0 && value >> shift == 0) shift -= 4
  for (; shift >= 0; shift -= 4) {
    const digit = (value >> shift) & 15
    store<u8>(to++, <u8>(digit < 10 ? 48 + digit : 87 + digit))
  }
  return to
}

/** Writes the eight groups in the form of RFC 5952, IPv4-mapped ones as ::ffff:a.b.c.d; returns the length. */
function writeIpv6(): i32 {
  let to = canonical
  let mapped = load<u16>(groups, 10) == 0xffff && load<u64>(groups) == 0 && load<u16>(groups, 8) == 0
  if (mapped) {
    const prefix: StaticArray<u8> = [58, 58, 102, 102, 102, 102, 58]
    for (let i = 0; i < 7; i++) store<u8>(to++, unchecked(prefix[i]))
    for (let i = 0; i < 4; i++) {
      const group = <i32>load<u16>(groups + 12 + <usize>((i >> 1) << 1))
      const octet = (i & 1) == 0 ? group >> 8 : group & 255
      if (octet > 99) store<u8>(to++, <u8>(48 + octet / 100))
      if (octet > 9) store<u8>(to++, <u8>(48 + (octet / 10) % 10))
      store<u8>(to++, <u8>(48 + octet % 10))
      if (i < 3) store<u8>(to++, 46)
    }
    return <i32>(to - canonical)
  }
  let bestStart = -1
  let bestLength = 1
  for (let i = 0; i < 8; ) {
    let run = 0
    while (i + run < 8 && load<u16>(groups + <usize>((i + run) << 1)) == 0) run++
    if (run > bestLength) {
      bestStart = i
      bestLength = run
    }
    i += run + 1
  }
  for (let i = 0; i < 8; i++) {
    if (i == bestStart) {
      store<u8>(to++, 58)
      if (i == 0) store<u8>(to++, 58)
      i += bestLength - 1
      continue
    }
    to = hexAt(to, load<u16>(groups + <usize>(i << 1)))
    if (i < 7) store<u8>(to++, 58)
  }
  return <i32>(to - canonical)
}

export function isAddress(at: usize, end: usize): bool {
  return isIpv4(at, end) || readIpv6(at, end)
}

export function pushAddress(c: Column, row: i32, at: usize, end: usize): bool {
  const length = <i32>(end - at)
  if (pushKnown(c, row, at, length)) return true
  if (isIpv4(at, end)) {
    pushText(c, row, at, length)
    return true
  }
  if (!readIpv6(at, end)) return false
  pushText(c, row, canonical, writeIpv6())
  return true
}

function digitsAt(at: usize, count: i32): i32 {
  let value = 0
  for (let i = 0; i < count; i++) {
    const digit = <i32>load<u8>(at + i) - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

function monthAt(at: usize): i32 {
  const name = <u32>load<u8>(at) | (<u32>load<u8>(at + 1) << 8) | (<u32>load<u8>(at + 2) << 16)
  if (name == 0x6e614a) return 1
  if (name == 0x626546) return 2
  if (name == 0x72614d) return 3
  if (name == 0x727041) return 4
  if (name == 0x79614d) return 5
  if (name == 0x6e754a) return 6
  if (name == 0x6c754a) return 7
  if (name == 0x677541) return 8
  if (name == 0x706553) return 9
  if (name == 0x74634f) return 10
  if (name == 0x766f4e) return 11
  if (name == 0x636544) return 12
  return 0
}

function daysInMonth(year: i32, month: i32): i32 {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
}

/** Days from 1970-01-01 (Howard Hinnant's civil calendar arithmetic). */
function daysFromCivil(year: i32, month: i32, day: i32): i32 {
  const y = month <= 2 ? year - 1 : year
  const era = y / 400
  const yearOfEra = y - era * 400
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
}

const NO_TIME: i64 = i64.MIN_VALUE

/** Microseconds since 1970 of `10/Oct/2026:13:55:36 +0000` between `at` and `end`, or NO_TIME. */
function clfTime(at: usize, end: usize): i64 {
  if (end - at != 26 || load<u8>(at + 2) != 47 || load<u8>(at + 6) != 47 || load<u8>(at + 11) != 58) return NO_TIME
  if (load<u8>(at + 14) != 58 || load<u8>(at + 17) != 58 || load<u8>(at + 20) != 32) return NO_TIME
  const day = digitsAt(at, 2)
  const month = monthAt(at + 3)
  const year = digitsAt(at + 7, 4)
  const hour = digitsAt(at + 12, 2)
  const minute = digitsAt(at + 15, 2)
  const second = digitsAt(at + 18, 2)
  const zoneHour = digitsAt(at + 22, 2)
  const zoneMinute = digitsAt(at + 24, 2)
  const sign = load<u8>(at + 21)
  if (month == 0 || year < 1 || day < 1 || day > daysInMonth(year, month)) return NO_TIME
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return NO_TIME
  if (zoneHour < 0 || zoneHour > 18 || zoneMinute < 0 || zoneMinute > 59 || (sign != 43 && sign != 45)) return NO_TIME
  const zone = (zoneHour * 60 + zoneMinute) * (sign == 45 ? -1 : 1)
  return (<i64>daysFromCivil(year, month, day) * 86400 + hour * 3600 + (minute - zone) * 60 + second) * 1000000
}

export function pushUri(c: Column, row: i32, at: usize, end: usize): void {
  if (redacts && hasByte(at, end, 61)) {
    scratch.used = 0
    if (putRedacted(scratch, at, end)) {
      pushText(c, row, scratch.at, scratch.used)
      return
    }
  }
  pushText(c, row, at, <i32>(end - at))
}

function pushTag(c: Column, row: i32, at: usize, end: usize): void {
  if (hasByte(at, end, 37)) {
    scratch.used = 0
    if (putDecoded(scratch, at, end)) {
      pushText(c, row, scratch.at, scratch.used)
      return
    }
  }
  pushText(c, row, at, <i32>(end - at))
}

/** Pushes the number at `at` when it is one in range with a space behind it; returns that space's address, or 0. */
export function pushDigits(kind: i32, c: Column, row: i32, at: usize): usize {
  let value: u64 = 0
  let to = at
  let digit = <u32>load<u8>(to) - 48
  while (digit <= 9) {
    value = value * 10 + digit
    digit = <u32>load<u8>(++to) - 48
  }
  const length = to - at
  if (digit != <u32>-16 || length == 0 || length > 18) return 0
  if (kind == INTEGER) {
    if (value > <u64>i32.MAX_VALUE) return 0
    pushInt32(c, row, <i32>value)
  } else if (kind == BIGINT) pushInt64(c, row, value)
  else {
    if (value > <u64>LAST_EPOCH) return 0
    pushInt64(c, row, value * 1000000)
  }
  return to
}

/** Pushes a value that is not `-`; returns 0 or why it cannot be read. */
export function pushValue(kind: i32, c: Column, row: i32, at: usize, end: usize): i32 {
  switch (kind) {
    case TEXT:
      pushText(c, row, at, <i32>(end - at))
      return 0
    case ADDRESS:
      return pushAddress(c, row, at, end) ? 0 : NOT_ADDRESS
    case INTEGER: {
      const value = decimal(at, end)
      if (value < 0 || value > i32.MAX_VALUE) return NOT_INTEGER
      pushInt32(c, row, <i32>value)
      return 0
    }
    case BIGINT: {
      const value = decimal(at, end)
      if (value < 0) return NOT_INTEGER
      pushInt64(c, row, value)
      return 0
    }
    case EPOCH: {
      const value = decimal(at, end)
      if (value < 0 || value > LAST_EPOCH) return NOT_TIME
      pushInt64(c, row, value * 1000000)
      return 0
    }
    case CLF_TIME: {
      const value = clfTime(at, end)
      if (value == NO_TIME) return NOT_TIME
      pushInt64(c, row, value)
      return 0
    }
    case ENUM: {
      const fault = pushEnum(c, row, at, <i32>(end - at))
      return fault == 0 ? 0 : fault == ENUM_FULL ? SEGMENT_FULL : NOT_ENUM
    }
    case TAG:
      pushTag(c, row, at, end)
      return 0
    default:
      pushUri(c, row, at, end)
      return 0
  }
}
