import { requestId, type AccessRecord } from './access-records.ts'
import type { Random } from './random.ts'
import { uuid } from './request-parts.ts'

/** Makes a record one that simple readers get wrong, as real ones are; it stays readable by the rules of the format. */
export function harden(record: AccessRecord, random: Random): void {
  const isRequest = record.requestUri !== ''
  random.pick(isRequest ? requestWays : anyWays)(record, random)
}

type Way = (record: AccessRecord, random: Random) => void

const anyWays: readonly Way[] = [
  function uuidRequestId(record, random) {
    record.requestId = uuid(random)
  },
  function olderRecord(record, random) {
    record.fields = random.pick([18, 24, 25, 26] as const)
  },
  function newerRecord(record, random) {
    record.extra = random.pick([' -', ' ExtraField', ' v2 - 17', ' arn:aws:s3:::new-field - - Yes'])
  },
  function starInKey(record) {
    record.key = 'exports/*/2026-*.csv'
  },
]

const requestWays: readonly Way[] = [
  ...anyWays,
  function quotesInUri(record, random) {
    const inner = random.pick(['"a', '"blue shoes"', 'a"b"c', '{"n": 1}', '" 200'])
    record.requestUri = record.requestUri.replace(/ HTTP\/1\.1$/, () => `?note=${inner} HTTP/1.1`)
  },
  function quotesInReferrer(record, random) {
    record.referrer = random.pick([
      'https://www.example.com/?q="blue+shoes"&page=2',
      'https://www.example.com/"',
      'https://www.example.com/?q="blue shoes"#a',
    ])
  },
  function quotesInUserAgent(record, random) {
    record.userAgent = random.pick([
      'Mozilla/5.0 "compatible" (X11; "Linux")',
      '"quoted"',
      '{"app":"sync","version":"1.2"}',
      'agent \\"escaped\\" 5"',
      '" 200 - 1 2 3 4 "',
    ])
  },
  function blanksInRequester(record, random) {
    record.requester = `arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E${random.chars('0123456789ABCDEFGHJKLMNPQRSTUVWXYZ', 13)}`
  },
  function unknownUri(record) {
    record.requestUri = '-'
  },
  function bareDashes(record, random) {
    if (random.chance(0.5)) record.referrer = ''
    else record.userAgent = ''
  },
  function longUserAgent(record, random) {
    record.userAgent = `agent/1.0 (${random.chars('abcdefghij klmno', random.between(2000, 6000))})`
  },
  function idsInAnotherForm(record, random) {
    record.requestId = `${requestId(random).slice(0, 9)}EXAMPLE`
  },
]
