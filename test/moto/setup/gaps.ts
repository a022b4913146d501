/** An element that moto takes in a body, and does not give when it is asked. */
interface Gap {
  /** Of the URL. */
  readonly query: string
  readonly element: string
  /** What it stands in. */
  readonly parent: string
}

const gaps: readonly Gap[] = [
  { query: 'notification', element: 'EventBridgeConfiguration', parent: 'NotificationConfiguration' },
  { query: 'logging', element: 'TargetObjectKeyFormat', parent: 'LoggingEnabled' },
]

/** Answers for a bucket with what was put there and moto keeps to itself: the elements as they were sent. */
export function gapsOfMoto(): (method: string, url: string, body: string, answer: string) => string {
  const kept = new Map<string, string>()
  return (method, url, body, answer) => {
    const [, bucket = '', query] = /^\/([^/?]+)\/?\?(\w+)/.exec(url) ?? []
    const gap = gaps.find((one) => one.query === query)
    if (gap === undefined) return answer
    const { element, parent } = gap
    const key = `${bucket} ${element}`
    if (method === 'PUT') {
      const [sent] = new RegExp(`<${element}(?:/>|[^]*</${element}>)`).exec(body) ?? []
      kept.set(key, sent ?? '')
    }
    if (method !== 'GET') return answer
    return answer.replace(new RegExp(`(<${parent}[^>]*?)(/>|>)`), (_all, open: string, end: string) =>
      end === '>' ? `${open}>${kept.get(key) ?? ''}` : `${open}>${kept.get(key) ?? ''}</${parent}>`,
    )
  }
}
