import { type Timing, systemTiming } from '../../src/aws/timing.ts'

/** A clock that runs so many times as fast as that of this machine. */
export function fastTiming(speed: number): Timing {
  const start = Date.now()
  return {
    now: () => start + (Date.now() - start) * speed,
    random: Math.random,
    wait: (ms, signal) => systemTiming.wait(ms / speed, signal),
  }
}
