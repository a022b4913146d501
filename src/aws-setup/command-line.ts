import type { EmptyBucketInput } from './empty-bucket.ts'
import type { Call } from './operations.ts'

/** How the `aws` command calls services where it does not call them as IAM does. */
const commands: Readonly<Record<string, string>> = { s3: 's3api' }

/** The `aws` command that does the same as a call: documents within are pretty, and within the quotes of a shell. Pure. */
export function commandLine({ operation, input }: Call, region: string): string {
  if (operation === 's3:EmptyBucket') return emptyingLine(input, region)
  const [service = '', action = ''] = operation.split(':')
  const options = Object.entries(input).flatMap(([key, value]) => (value === undefined ? [] : [option(key, value)]))
  const where = service === 'iam' ? [] : [`--region ${region}`]
  return ['aws', commands[service] ?? service, kebab(action), ...options, ...where].join(' ')
}

/** No one command deletes versions: a page of them is deleted after the other, until there is none or one cannot be deleted. */
function emptyingLine({ Bucket, ExpectedBucketOwner }: EmptyBucketInput, region: string): string {
  const which = `--bucket ${Bucket} --expected-bucket-owner ${ExpectedBucketOwner} --region ${region}`
  const objects = '{Objects: [Versions, DeleteMarkers][].{Key: Key, VersionId: VersionId}}'
  return [
    `while page=$(aws s3api list-object-versions ${which} --no-paginate --output json --query '${objects}') && case $page in *VersionId*) ;; *) false ;; esac; do`,
    `  test None = "$(printf %s "$page" | aws s3api delete-objects ${which} --delete file:///dev/stdin --query 'Errors[0].[Key, Code]' --output text)" || break`,
    'done',
  ].join('\n')
}

/** Documents that are text within other JSON, where they are hard to read: their key, and what they say. */
export function innerDocuments({ input }: Call): { readonly name: string; readonly document: string }[] {
  return Object.values(input).flatMap((value: unknown) =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, text]) => {
          const document = pretty(text)
          return document === undefined ? [] : [{ name, document }]
        })
      : [],
  )
}

function option(key: string, value: unknown): string {
  const name = kebab(key)
  if (typeof value === 'boolean') return value ? `--${name}` : `--no-${name}`
  if (typeof value === 'string' || typeof value === 'number')
    return `--${name} ${quoted(pretty(value) ?? String(value))}`
  if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return `--${name} ${value.map(quoted).join(' ')}`
  return `--${name} ${quoted(layOut(value))}`
}

/** A document as text, on lines of its own; undefined for other text. */
function pretty(value: unknown): string | undefined {
  if (typeof value !== 'string' || !value.startsWith('{')) return undefined
  try {
    const document: unknown = JSON.parse(value)
    return layOut(document)
  } catch {
    return undefined
  }
}

const lineWidth = 90

/** JSON with what fits into a line on one. */
function layOut(value: unknown, indent = ''): string {
  const compact = JSON.stringify(value) ?? 'null'
  if (compact.length + indent.length <= lineWidth || typeof value !== 'object' || value === null) return compact
  const inner = `${indent}  `
  const parts = Array.isArray(value)
    ? value.map((part) => layOut(part, inner))
    : Object.entries(value)
        .filter(([, part]) => part !== undefined)
        .map(([key, part]) => `${JSON.stringify(key)}: ${layOut(part, inner)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`
}

/** `QueueUrl` is `--queue-url`, and `KMSMasterKeyID` would be `--kms-master-key-id`. */
function kebab(name: string): string {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
