import { z } from 'zod'
import { fieldsOf, type FieldFamily, tagFieldsWithoutKey, tagKeysWithoutField } from './flow-log-fields.ts'

/** What flow logs are made of, told by the ids of the resources. */
const levels = [
  { type: 'VPC', id: /^vpc-/, family: 'vpc' },
  { type: 'Subnet', id: /^subnet-/, family: 'vpc' },
  { type: 'NetworkInterface', id: /^eni-/, family: 'vpc' },
  { type: 'RegionalNatGateway', id: /^nat-/, family: 'vpc' },
  { type: 'TransitGatewayAttachment', id: /^tgw-attach-/, family: 'tgw' },
  { type: 'TransitGateway', id: /^tgw-/, family: 'tgw' },
] as const satisfies readonly { type: string; id: RegExp; family: FieldFamily }[]

type Level = (typeof levels)[number]
export type ResourceType = Level['type']

/** What flow logs can be made of; Cloud WAN has them too, in records that Millrace does not read. */
export const resourceTypes: readonly ResourceType[] = levels.map(({ type }) => type)

/** What a resource is, by its id. */
export function levelOf(id: string): Level | undefined {
  return levels.find((level) => level.id.test(id))
}

const tagFields = z.strictObject({
  resource_type: z.enum(['instance', 'network-interface', 'auto-scaling-group']),
  keys: z.array(z.string().min(1).max(128)).min(1).max(2),
})

const form = z.strictObject({
  /** By which it is known again: a changed setting replaces the flow logs of this name. */
  name: z
    .string()
    .regex(/^[a-zA-Z][\w-]{0,39}$/, 'must be letters, digits, - and _')
    .optional(),
  /** Whose the resources are; may be left out where one account is set up. */
  account: z
    .string()
    .regex(/^\d{12}$/, 'must be the twelve digits of an account, in quotes')
    .optional(),
  resource_ids: z.array(z.string().regex(/^[a-z-]+-[\da-z]+$/, 'must be an id such as vpc-0a1b2c3d')).min(1),
  traffic: z.enum(['ACCEPT', 'REJECT', 'ALL']).optional(),
  to: z.enum(['s3', 'cloud-watch-logs']).default('s3'),
  /** `default`, `full`, or AWS's form: `${version} ${account-id} …`. */
  format: z.string().default('default'),
  tag_fields: z.array(tagFields).max(3).default([]),
  file_format: z.enum(['plain-text', 'parquet']).optional(),
  hive: z.boolean().optional(),
  hourly: z.boolean().optional(),
  /** Seconds. */
  interval: z.union([z.literal(60), z.literal(600)]).optional(),
  /** What is done first where a setting has changed: `delete-first` leaves a time without any log. */
  replace: z.enum(['create-first', 'delete-first']).default('create-first'),
})

/** Flow logs of some resources of one kind, as a setup says them. */
export const flowLog = form.superRefine((given, context) => {
  for (const message of faultsOf(given)) context.addIssue({ code: 'custom', message })
})

/** Flow logs of a setup; what tells them apart is a name, or the kind of resource where there is none. */
export const flowLogs = z
  .array(flowLog)
  .default([])
  .refine(
    (all) => new Set(all.map(nameOf)).size === all.length,
    'has two entries of the same name: give each a name of its own',
  )

export type GivenFlowLog = z.infer<typeof flowLog>

/** What an entry is called. */
export function nameOf({ name, resource_ids: [first = ''] }: GivenFlowLog): string {
  return name ?? levelOf(first)?.type ?? ''
}

/** Why AWS would refuse it, a sentence's end each. */
function faultsOf({ resource_ids: ids, ...given }: GivenFlowLog): string[] {
  const types = new Set(ids.map((id) => levelOf(id)?.type))
  const [type] = types
  const isGateway = levelOf(ids[0] ?? '')?.family === 'tgw'
  const isText = given.format !== 'default' && given.format !== 'full'
  const format = isText ? given.format : ''
  const forFiles = [given.file_format, given.hive, given.hourly].some((option) => option !== undefined)
  const untagged = tagFieldsWithoutKey(format, given.tag_fields)
  const unused = isText ? tagKeysWithoutField(format, given.tag_fields) : []
  const rules: readonly (readonly [boolean, string])[] = [
    [type === undefined, 'names resources that are no VPC, subnet, network interface, NAT or transit gateway'],
    [types.size > 1, 'names resources of several kinds: make an entry of each kind'],
    [isGateway && given.traffic !== undefined, 'must not say traffic: transit gateways log all of it'],
    [isGateway && given.interval === 600, 'must have the interval 60: transit gateways know no other'],
    [isGateway && given.tag_fields.length > 0, 'must not have tag_fields: transit gateways have no fields of tags'],
    [
      isText && fieldsOf(given.format) === undefined,
      'must have default, full, or fields as "${version} ${account-id}"',
    ],
    [untagged.length > 0, `has the fields ${untagged.join(', ')}, which need their keys in tag_fields`],
    [unused.length > 0, `has no field for the tags ${unused.join(', ')} in its format`],
    [given.format === 'default' && given.tag_fields.length > 0, 'has tag_fields, which need the format full or fields'],
    [given.to !== 's3' && forFiles, 'must not have file_format, hive or hourly: CloudWatch Logs has no files'],
  ]
  return rules.filter(([isFault]) => isFault).map(([, message]) => message)
}
