import { awsRegions } from '../log-type/aws-regions.ts'
import type { Column, LogType, Sample } from '../log-type/log-type.ts'

const columns: readonly Column[] = [
  {
    name: 'bucketowner',
    kind: 'text',
    aliases: ['bucket_owner_id', 'bucket_owner'],
    doc: 'Canonical user id of the owner of the bucket the request was for, 64 hexadecimal digits.',
  },
  {
    name: 'bucket_name',
    kind: 'text',
    aliases: ['bucket'],
    doc: 'Bucket the request was for, not the bucket the log is in.',
  },
  {
    name: 'requestdatetime',
    kind: 'clf-time',
    aliases: ['request_time'],
    doc: 'When S3 received the request, UTC, to the second in log files and to the millisecond in JSON records. A long upload stands under its start.',
  },
  {
    name: 'remoteip',
    kind: 'address',
    aliases: ['remote_ip'],
    doc: 'Address the request seemed to come from; a proxy may stand between, and requests through a VPC endpoint show a private address. NULL for internal operations such as lifecycle actions.',
  },
  {
    name: 'requester',
    kind: 'text',
    doc: 'Who asked: an IAM ARN, a canonical user id or an AWS service. NULL for requests without authentication.',
  },
  {
    name: 'requestid',
    kind: 'text',
    aliases: ['request_id'],
    distinct: true,
    doc: 'Id that S3 gave the request. Copies, and the objects of one batch deletion, share one.',
  },
  {
    name: 'operation',
    kind: 'text',
    doc: 'What was done, such as `REST.GET.OBJECT`, `BATCH.DELETE.OBJECT` or `S3.EXPIRE.OBJECT`.',
  },
  {
    name: 'key',
    kind: 'text',
    aliases: ['key_name'],
    doc: 'Object key as logged, percent-encoded. NULL for operations on a bucket.',
  },
  {
    name: 'object_key',
    decodedFrom: 'key',
    kind: 'text',
    doc: 'Object key with its percent-encoding removed, twice where it was encoded twice; a `+` stays. The same as `key` where there was none or it is malformed, NULL for operations on a bucket.',
  },
  {
    name: 'request_uri',
    kind: 'uri',
    doc: 'Method, path with query string, and protocol of the HTTP request; signatures and tokens are redacted. NULL for internal operations.',
  },
  {
    name: 'httpstatus',
    kind: 'integer',
    aliases: ['http_status'],
    doc: 'HTTP status of the response. NULL for internal operations.',
  },
  {
    name: 'errorcode',
    kind: 'text',
    aliases: ['error_code'],
    doc: 'S3 error code, such as `AccessDenied`. NULL where there was no error.',
  },
  {
    name: 'bytessent',
    kind: 'bigint',
    aliases: ['bytes_sent_size', 'bytes_sent'],
    doc: 'Bytes of the response without protocol overhead. NULL means none were sent.',
  },
  {
    name: 'objectsize',
    kind: 'bigint',
    aliases: ['object_size'],
    doc: 'Size of the whole object in bytes. NULL where the operation was not on an object.',
  },
  {
    name: 'totaltime',
    kind: 'integer',
    aliases: ['total_duration', 'total_time'],
    doc: 'Milliseconds from receiving the request to sending the last byte of the response. NULL for internal operations.',
  },
  {
    name: 'turnaroundtime',
    kind: 'integer',
    aliases: ['turn_around_duration', 'turn_around_time'],
    doc: 'Milliseconds from the last byte of the request to the first byte of the response. Often NULL.',
  },
  {
    name: 'referrer',
    kind: 'uri',
    aliases: ['referer'],
    doc: "The request's Referer header, as the client sent it; signatures and tokens are redacted. NULL where there was none.",
  },
  {
    name: 'useragent',
    kind: 'text',
    aliases: ['user_agent'],
    doc: "The request's User-Agent header, as the client sent it. NULL where there was none.",
  },
  {
    name: 'versionid',
    kind: 'text',
    aliases: ['version_id'],
    doc: 'Object version the request named. NULL where it named none.',
  },
  {
    name: 'hostid',
    kind: 'text',
    aliases: ['host_id'],
    distinct: true,
    doc: 'Second id that S3 gave the request (`x-amz-id-2`), which AWS Support asks for. NULL in some internal operations.',
  },
  {
    name: 'sigv',
    kind: 'enum',
    values: ['SigV4', 'SigV2'],
    aliases: ['signature_version'],
    doc: 'Version of the request signature: SigV2 or SigV4. NULL for requests without authentication.',
  },
  {
    name: 'ciphersuite',
    kind: 'text',
    aliases: ['cipher_suite'],
    doc: 'TLS cipher the request came over. NULL for plain HTTP.',
  },
  {
    name: 'authtype',
    kind: 'enum',
    values: ['AuthHeader', 'QueryString'],
    aliases: ['authentication_type'],
    doc: 'How the request was signed: AuthHeader, or QueryString for a pre-signed URL. NULL for requests without authentication.',
  },
  {
    name: 'endpoint',
    kind: 'text',
    aliases: ['host_header'],
    doc: 'Host name the request was sent to. NULL where it was not recorded.',
  },
  {
    name: 'tlsversion',
    kind: 'enum',
    values: ['TLSv1.2', 'TLSv1.3', 'TLSv1.1', 'TLSv1', 'TLSV1.2', 'TLSV1.3'],
    aliases: ['tls_version'],
    doc: 'TLS version as logged; AWS writes both `TLSv1.2` and `TLSV1.2`, so compare without regard to case. NULL for plain HTTP.',
  },
  {
    name: 'accesspointarn',
    kind: 'text',
    aliases: ['access_point_arn'],
    doc: 'ARN of the access point the request came through. NULL where it came through none.',
  },
  {
    name: 'aclrequired',
    kind: 'enum',
    values: ['Yes'],
    aliases: ['acl_required'],
    doc: 'Yes where the request needed an ACL to be authorised, else NULL. In JSON records `acl_required` is a boolean: true is stored as Yes, false as NULL.',
  },
  {
    name: 'sourceregion',
    kind: 'enum',
    values: awsRegions,
    aliases: ['source_region'],
    doc: 'AWS region the request came from. NULL for addresses outside AWS, private links and internal operations.',
  },
]

const knownNames = new Set(columns.flatMap((column) => [column.name, ...(column.aliases ?? [])]))

const s3AccessLogs: LogType = {
  name: 's3-access-logs',
  table: 's3_access_logs',
  title: 'S3 server access logs',
  doc: 'Requests to S3 buckets, one row per request, under the column names of the Athena documentation. S3 delivers these logs as best it can: most lines within hours, some later, a few twice or never. Older lines end early; what they lack is NULL.',
  columns,
  text: { kernel: 's3-access' },
  wrapped: false,
  json: true,
  // By the day of the request, or by that of delivery (PartitionDateSource): most come within a few hours, seldom more than a day late.
  filedWithinHours: 48,
  viewExpressions: { object_key: 'coalesce(object_key, key)' },
  recognises(sample: Sample): boolean {
    if (sample.form === 'json') return hasAccessLogNames(sample.keys)
    if (sample.form === 'parquet') return hasAccessLogNames(sample.columns)
    return /^\S+ \S+ \[\d{2}\/[A-Z][a-z]{2}\/\d{4}:[^\]]*\] [^" ]/.test(sample.firstLine)
  },
  example: `79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be amzn-s3-demo-bucket1 [10/Oct/2026:13:55:36 +0000] 192.0.2.3 arn:aws:iam::123456789012:user/alice 3E57427F3EXAMPLE REST.GET.OBJECT reports/2026%2520summary.pdf "GET /amzn-s3-demo-bucket1/reports/2026%20summary.pdf HTTP/1.1" 200 - 2662992 2662992 70 10 "-" "aws-cli/2.31.0" - s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP/XV/VLi31234= SigV4 TLS_AES_128_GCM_SHA256 AuthHeader amzn-s3-demo-bucket1.s3.us-west-1.amazonaws.com TLSv1.3 - - us-west-1`,
}

export default s3AccessLogs

function hasAccessLogNames(names: readonly string[]): boolean {
  const lower = names.map((name) => name.toLowerCase())
  const has = (...anyOf: string[]) => anyOf.some((name) => lower.includes(name))
  const knownCount = lower.filter((name) => knownNames.has(name)).length
  return (
    has('bucket_name', 'bucket_owner_id', 'bucketowner') &&
    has('operation', 'request_id', 'requestid') &&
    knownCount * 2 >= names.length
  )
}
