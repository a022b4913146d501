// What every script in this folder needs: its options, a clock around the work, and a way to answer.
import { peakResident } from '../measure.mjs'

export const options = JSON.parse(process.argv[2])

/** Runs the work; returns its wall clock, the processor time of this whole process meanwhile, and the most memory it had until then. */
export async function timed(work) {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const result = await work()
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { result, measured: { seconds, cpuSeconds: (user + system) / 1e6, peakRss: peakResident(process.pid) } }
}

/** Asks once, then five times more: `firstSeconds`, and the measures of the median of those that follow. */
export async function askRepeatedly(ask) {
  const first = await timed(ask)
  const repeats = []
  for (let time = 0; time < 5; time++) repeats.push((await timed(ask)).measured)
  const { seconds, cpuSeconds } = repeats.toSorted((a, b) => a.seconds - b.seconds)[2]
  return {
    seconds,
    cpuSeconds,
    peakRss: peakResident(process.pid),
    firstSeconds: first.measured.seconds,
    rows: first.result,
  }
}

/** Sends what was measured and found to the parent, and lets this process end. */
export function answer(found) {
  process.send(found, () => process.disconnect())
}
