/** What is needed for a bucket to tell a queue of its new objects, as text to take elsewhere. */
export interface Notification {
  /** The bucket's notification configuration. */
  readonly configuration: string
  /** What sets it, and what shows the one before. */
  readonly commands: string
  /** The queue's access policy. */
  readonly policy: string
}

/** Where objects come from, and the ARN of the queue that is told of them. */
export interface Announced {
  readonly bucket: string
  readonly prefix: string
  readonly queue: string
}

/** The bucket and the prefix of a location in S3; undefined for any other place, and for what is no bucket's name: it goes into a command. */
export function bucketOf(location: string): Pick<Announced, 'bucket' | 'prefix'> | undefined {
  const [, bucket, prefix] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)(?:\/(.*))?$/is.exec(location) ?? []
  return bucket === undefined ? undefined : { bucket, prefix: prefix ?? '' }
}

/** S3 User Guide, "Enabling Amazon SQS event notifications" and "Granting permissions to publish event notification messages". */
export function notificationFor({ bucket, prefix, queue }: Announced): Notification {
  const [, partition = 'aws'] = queue.split(':')
  const filter =
    prefix === '' ? {} : { Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: filterValue(prefix) }] } } }
  const configuration = {
    QueueConfigurations: [{ Id: 'millrace', QueueArn: queue, Events: ['s3:ObjectCreated:*'], ...filter }],
  }
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queue,
        Condition: { ArnLike: { 'aws:SourceArn': `arn:${partition}:s3:::${bucket}` } },
      },
    ],
  }
  return {
    configuration: printed(configuration),
    commands: [
      `aws s3api get-bucket-notification-configuration --bucket ${bucket}`,
      `aws s3api put-bucket-notification-configuration --bucket ${bucket} --notification-configuration file://notification.json`,
    ].join('\n'),
    policy: printed(policy),
  }
}

/** Prefixes of filters are encoded as forms are; slashes stay. */
function filterValue(prefix: string): string {
  return encodeURIComponent(prefix).replaceAll('%2F', '/').replaceAll('%20', '+')
}

const lineLength = 66

/** JSON as people write it: what fits on a line stands on one. */
function printed(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  const inner = `${indent}  `
  const parts = Object.entries(value).map(
    ([name, member]) => `${Array.isArray(value) ? '' : `${JSON.stringify(name)}: `}${printed(member, inner)}`,
  )
  const line = `${open} ${parts.join(', ')} ${close}`
  if (line.length + indent.length <= lineLength && !line.includes('\n')) return line
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`
}
