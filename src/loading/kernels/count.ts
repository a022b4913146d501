// Counts lines from the bytes, apart from all parsing: the figure that rows, rejects and skipped lines must add up to.

export function countNewlines(at: usize, length: i32): i32 {
  const newline = i8x16.splat(10)
  const limit = at + <usize>length
  let count = 0
  while (at + 16 <= limit) {
    count += popcnt(i8x16.bitmask(i8x16.eq(v128.load(at), newline)))
    at += 16
  }
  for (; at < limit; at++) if (load<u8>(at) == 10) count++
  return count
}
