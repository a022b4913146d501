/** A span of time in epoch seconds; `to` is not part of it. */
export interface TimeWindow {
  from: number
  to: number
}

const stepSeconds = 300

const hourWeights = [38, 32, 28, 26, 27, 32, 42, 56, 72, 86, 95, 99, 97, 98, 100, 98, 94, 88, 80, 74, 68, 61, 53, 45]

const weekdayWeights = [0.52, 1, 1.03, 1.05, 1.02, 0.93, 0.58]

/** How busy a moment (epoch seconds, UTC) is, by hour of the day and day of the week; 100 is a busy hour. */
function trafficWeight(time: number): number {
  const hour = Math.floor(time / 3600)
  const share = time / 3600 - hour
  return hourWeight(hour) * (1 - share) + hourWeight(hour + 1) * share
}

/** How much of the traffic falls into a window. */
export function windowWeight(window: TimeWindow): number {
  let weight = 0
  for (const step of steps(window)) weight += step.weight
  return weight
}

/** Gives the moment at which a share (0 to 1, never falling from call to call) of a window's traffic has passed. */
export function createClock(window: TimeWindow): (share: number) => number {
  const parts = [...steps(window)]
  const total = parts.reduce((sum, part) => sum + part.weight, 0)
  let index = 0
  let before = 0
  return (share) => {
    const wanted = Math.min(share, 1) * total
    let part = parts[index]
    while (part !== undefined && index < parts.length - 1 && before + part.weight < wanted) {
      before += part.weight
      part = parts[++index]
    }
    if (part === undefined) return window.from
    const inside = Math.floor((Math.max(0, wanted - before) / part.weight) * (part.to - part.from))
    return Math.min(part.from + inside, part.to - 1)
  }
}

function* steps(window: TimeWindow): Generator<TimeWindow & { weight: number }> {
  let from = window.from
  const end = Math.max(window.to, from + 1)
  while (from < end) {
    const to = Math.min(end, (Math.floor(from / stepSeconds) + 1) * stepSeconds)
    yield { from, to, weight: (to - from) * trafficWeight((from + to) / 2) }
    from = to
  }
}

function hourWeight(hour: number): number {
  const weekday = (Math.floor(hour / 24) + 4) % 7
  return (hourWeights[hour % 24] ?? 1) * (weekdayWeights[weekday] ?? 1)
}
