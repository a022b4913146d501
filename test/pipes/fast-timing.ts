import { type Timing, systemTiming } from '../../src/aws/timing.ts'

/** A clock that runs so many times as fast as that of this machine; from that moment on, at which both show the same. */
export function fastTiming(speed: number, startMs = Date.now()): Timing {
  return {
    now: () => startMs + (Date.now() - startMs) * speed,
    random: Math.random,
    wait: (ms, signal) => systemTiming.wait(ms / speed, signal),
  }
}
