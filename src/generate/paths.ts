/** How files lie under the directory: all in it, as AWS writes them, with Hive-style folders, or with a folder for each hour. */
export type Layout = 'flat' | 'aws' | 'hive' | 'hourly'

interface FlowFileName {
  layout: Layout
  account: string
  region: string
  flowLogId: string
  /** Epoch seconds; the name shows the five-minute slot that it lies in. */
  time: number
  /** Hexadecimal text that makes the name unique. */
  unique: string
  extension: string
}

/** The path of a flow log file under the directory, with forward slashes. */
export function flowFilePath(name: FlowFileName): string {
  const { account, region } = name
  const slot = timeParts(Math.floor(name.time / 300) * 300)
  const { year, month, day, hour, minute } = slot
  const file = `${account}_vpcflowlogs_${region}_${name.flowLogId}_${year}${month}${day}T${hour}${minute}Z_${name.unique}${name.extension}`
  const folders: Record<Layout, string> = {
    flat: '',
    aws: `AWSLogs/${account}/vpcflowlogs/${region}/${year}/${month}/${day}/`,
    hourly: `AWSLogs/${account}/vpcflowlogs/${region}/${year}/${month}/${day}/${hour}/`,
    hive: `AWSLogs/aws-account-id=${account}/aws-service=vpcflowlogs/aws-region=${region}/year=${year}/month=${month}/day=${day}/`,
  }
  return folders[name.layout] + file
}

interface AccessFileName {
  layout: 'flat' | 'aws'
  account: string
  region: string
  bucket: string
  /** Time of delivery, epoch seconds. */
  time: number
  /** 16 upper-case hexadecimal characters. */
  unique: string
  extension: string
}

/** The path of an access log file under the directory, with forward slashes. */
export function accessFilePath(name: AccessFileName): string {
  const { year, month, day, hour, minute, second } = timeParts(name.time)
  const file = `${year}-${month}-${day}-${hour}-${minute}-${second}-${name.unique}${name.extension}`
  if (name.layout === 'flat') return file
  return `${name.account}/${name.region}/${name.bucket}/${year}/${month}/${day}/${file}`
}

interface TimeParts {
  year: string
  month: string
  day: string
  hour: string
  minute: string
  second: string
}

/** The parts of a UTC time, padded with zeros. */
export function timeParts(time: number): TimeParts {
  const iso = new Date(time * 1000).toISOString()
  return {
    year: iso.slice(0, 4),
    month: iso.slice(5, 7),
    day: iso.slice(8, 10),
    hour: iso.slice(11, 13),
    minute: iso.slice(14, 16),
    second: iso.slice(17, 19),
  }
}
