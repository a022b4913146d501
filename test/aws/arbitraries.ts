import * as fc from 'fast-check'

const odd = [
  ...' +%=&?#/\\"\'<>()*!~@:;,$[]{}|^`.-_'.split(''),
  '//',
  '/../',
  '/./',
  '..',
  '%2F',
  '%20',
  '%zz',
  'ä',
  'é',
  '日本',
  '\u{1F600}',
  '\u{10FFFF}',
  '\u0000',
  '\u0001',
  '\t',
  '\n',
  '\r\n',
  '\u007f',
  '\u0085',
  '\u2028',
  '\uFEFF',
  '\uFFFD',
  'account=1/',
  'AWSLogs/',
]

const part = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...odd) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 8 }) },
)

/** Keys with every odd character that S3 allows. */
export const objectKey = fc
  .array(part, { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join(''))
  .filter((key) => key !== '' && Buffer.byteLength(key) <= 1024)

/** Keys of AWS accounts, with and without a session. */
export const credentials = fc.record({
  accessKeyId: fc.stringMatching(/^[A-Z0-9]{16,24}$/),
  secretAccessKey: fc.stringMatching(/^[\w/+=]{20,60}$/),
  sessionToken: fc.option(fc.stringMatching(/^[\w/+=]{1,800}$/), { nil: undefined }),
  expiresAtMs: fc.constant(undefined),
})

export const region = fc.constantFrom('us-east-1', 'eu-west-1', 'ap-northeast-1', 'us-gov-west-1', 'cn-north-1')

/** The values of an arbitrary. */
export type Given<Of> = Of extends fc.Arbitrary<infer Value> ? Value : never
