import { createHash } from 'node:crypto'

/** What moto does not keep of a flow log, or takes for something else. */
interface Kept {
  readonly destination: string | null
  /** Elements of an answer. */
  readonly elements: string
}

/**
 * Flow logs in moto know no folder, no options and no tag fields, and two of one resource that differ in anything but the destination are the same to it. So
 * what is sent gets a destination of its own for each set of settings, and what was sent is put into what moto answers.
 */
export function flowLogGaps(): { request(body: string): string; answer(body: string, text: string): string } {
  const kept = new Map<string, Kept>()
  return {
    request: (body) => {
      const sent = new URLSearchParams(body)
      if (sent.get('Action') !== 'CreateFlowLogs') return body
      const settings = [...sent].filter(([key]) => !key.startsWith('ResourceId.'))
      const mark = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 12)
      const destination = sent.get('LogDestination')
      kept.set(mark, { destination, elements: elementsOf(sent) })
      const [bucket = ''] = destination?.split(':').at(-1)?.split('/') ?? []
      sent.set('LogDestination', `arn:aws:s3:${mark}::${bucket}`)
      return sent.toString()
    },
    answer: (body, text) => {
      if (!body.includes('Action=DescribeFlowLogs')) return text
      return text.replaceAll(/<logDestination>arn:aws:s3:(\w+)::[^<]*<\/logDestination>/g, (_all, mark: string) => {
        const { destination = null, elements = '' } = kept.get(mark) ?? {}
        return `${destination === null ? '' : `<logDestination>${destination}</logDestination>`}${elements}`
      })
    },
  }
}

function elementsOf(sent: URLSearchParams): string {
  const option = (name: string, element: string): string => {
    const value = sent.get(`DestinationOptions.${name}`)
    return value === null ? '' : `<${element}>${value}</${element}>`
  }
  const options = [
    option('FileFormat', 'fileFormat'),
    option('HiveCompatiblePartitions', 'hiveCompatiblePartitions'),
    option('PerHourPartition', 'perHourPartition'),
  ].join('')
  const specifications = [1, 2, 3].flatMap((index) => {
    const of = `TagFieldSpecification.${index}`
    const type = sent.get(`${of}.ResourceType`)
    if (type === null) return []
    const keys = [1, 2].flatMap((key) => sent.get(`${of}.TagKey.${key}`) ?? [])
    const items = keys.map((key) => `<item>${key}</item>`).join('')
    return [`<item><resourceType>${type}</resourceType><tagKeySet>${items}</tagKeySet></item>`]
  })
  return `<destinationOptions>${options}</destinationOptions><tagFieldSpecificationSet>${specifications.join('')}</tagFieldSpecificationSet>`
}
