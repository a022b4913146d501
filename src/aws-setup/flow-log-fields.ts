import vpcFlowLogs from '../log-types/vpc-flow-logs.ts'
import tgwFlowLogs from '../log-types/tgw-flow-logs.ts'
import type { LogType } from '../log-type/log-type.ts'

/** Whose fields a flow log has: those of VPCs, or those of transit gateways. */
export type FieldFamily = 'vpc' | 'tgw'

/** A field of tags is one of a kind of resource; its `-2` needs a second key (EC2 API reference, TagFieldSpecificationRequest). */
export const tagResources = {
  instance: ['instance-tag', 'instance-tag-2'],
  'network-interface': ['interface-tag', 'interface-tag-2'],
  'auto-scaling-group': ['asg-tag', 'asg-tag-2'],
} as const

/** Which tags of which resources come into the records: one or two keys. */
export interface TagFields {
  readonly resource_type: keyof typeof tagResources
  readonly keys: readonly string[]
}

const logTypes: Readonly<Record<FieldFamily, LogType>> = { vpc: vpcFlowLogs, tgw: tgwFlowLogs }
const allTagFields: ReadonlySet<string> = new Set(Object.values(tagResources).flat())

/** AWS's own format of a family. */
export function defaultFormat(family: FieldFamily): string {
  const { text } = logTypes[family]
  return text.kernel === 'fields' ? formatOf(text.defaultFields) : ''
}

/** All fields known today; of tags those that have a key. */
export function fullFormat(family: FieldFamily, tagFields: readonly TagFields[]): string {
  const tagged = new Set(tagFieldsOf(tagFields))
  const fields = logTypes[family].columns
    .filter(({ decodedFrom }) => decodedFrom === undefined)
    .map(({ name, field }) => field ?? name.replaceAll('_', '-'))
  return formatOf(fields.filter((field) => !allTagFields.has(field) || tagged.has(field)))
}

/** The names within a format such as `${version} ${account-id}`; undefined for anything else. */
export function fieldsOf(format: string): string[] | undefined {
  if (!/^\$\{[a-z\d-]+\}(?: \$\{[a-z\d-]+\})*$/.test(format)) return undefined
  return format.split(' ').map((word) => word.slice(2, -1))
}

/** The fields of tags within a format that no key is given for: AWS refuses them. */
export function tagFieldsWithoutKey(format: string, tagFields: readonly TagFields[]): string[] {
  const tagged = new Set(tagFieldsOf(tagFields))
  return (fieldsOf(format) ?? []).filter((field) => allTagFields.has(field) && !tagged.has(field))
}

/** Keys of tags whose field is not within a format. */
export function tagKeysWithoutField(format: string, tagFields: readonly TagFields[]): string[] {
  const fields = new Set(fieldsOf(format))
  return tagFields.flatMap(({ resource_type: type, keys }) =>
    keys.filter((_key, index) => !fields.has(tagResources[type][index] ?? '')),
  )
}

function tagFieldsOf(tagFields: readonly TagFields[]): string[] {
  return tagFields.flatMap(({ resource_type: type, keys }) => tagResources[type].slice(0, keys.length))
}

function formatOf(fields: readonly string[]): string {
  return fields.map((field) => `\${${field}}`).join(' ')
}
