// The bytes to parse. 64 bytes of slack follow, for reading words past the end and for the space put after a last line.

let buffer: usize = 0
let capacity: i32 = 0

/** Address of a buffer of at least `size` bytes; what it held is kept. */
export function inputBuffer(size: i32): usize {
  if (size > capacity) {
    buffer = buffer == 0 ? heap.alloc(size + 64) : heap.realloc(buffer, size + 64)
    capacity = size
  }
  return buffer
}
