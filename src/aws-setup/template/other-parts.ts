import type { CreateFlowLogsRequest } from '@aws-sdk/client-ec2'
import type { Forms, Part } from './part.ts'

/** What calls to SQS, EventBridge, IAM and CloudWatch Logs come to, and those that make flow logs. Pure. */
export const otherForms: Forms = {
  'sqs:CreateQueue': (input) => {
    return [queuePart(input.QueueName ?? '', input.Attributes ?? {}, input.tags ?? {})]
  },
  'sqs:SetQueueAttributes': (input) => {
    const { QueueUrl = '', Attributes } = input
    const queue = QueueUrl.split('/').at(-1) ?? ''
    const PolicyDocument: unknown = JSON.parse(Attributes?.Policy ?? '{}')
    const on = `queue ${queue}`
    const properties = { Queues: [QueueUrl], PolicyDocument }
    return [{ key: `queue policy ${queue}`, type: 'AWS::SQS::QueuePolicy', properties, on, after: [on] }]
  },
  'events:PutRule': (input) => {
    const { Name, EventPattern = '{}', State, Tags = [] } = input
    const pattern: unknown = JSON.parse(EventPattern)
    const properties = { Name, EventPattern: pattern, State, Tags: Tags.map(({ Key, Value }) => ({ Key, Value })) }
    return [{ key: `rule ${Name}`, type: 'AWS::Events::Rule', properties }]
  },
  'events:PutTargets': (input) => {
    const { Rule, Targets = [] } = input
    const key = `rule ${Rule}`
    const after = Targets.map(({ Arn }) => `queue policy ${Arn?.split(':').at(-1) ?? ''}`)
    return [{ key, on: key, after, properties: { Targets: Targets.map(({ Id, Arn }) => ({ Id, Arn })) } }]
  },
  'iam:CreateRole': (input) => {
    const { RoleName, AssumeRolePolicyDocument = '{}', Description, Tags = [] } = input
    const trust: unknown = JSON.parse(AssumeRolePolicyDocument)
    const properties = {
      RoleName,
      Description,
      AssumeRolePolicyDocument: trust,
      Tags: Tags.map(({ Key, Value }) => ({ Key, Value })),
    }
    return [{ key: `role ${RoleName}`, type: 'AWS::IAM::Role', properties }]
  },
  'iam:PutRolePolicy': (input) => {
    const { RoleName, PolicyName, PolicyDocument = '{}' } = input
    const document: unknown = JSON.parse(PolicyDocument)
    const on = `role ${RoleName}`
    const properties = { PolicyName, PolicyDocument: document, Roles: [RoleName] }
    return [{ key: `role policy ${RoleName}`, type: 'AWS::IAM::Policy', properties, on, after: [on] }]
  },
  'logs:CreateLogGroup': (input) => {
    const { logGroupName, tags = {} } = input
    const properties = { LogGroupName: logGroupName, Tags: tagList(tags) }
    return [{ key: `log group ${logGroupName}`, type: 'AWS::Logs::LogGroup', properties, isKept: true }]
  },
  'logs:PutRetentionPolicy': (input) => {
    const { logGroupName, retentionInDays } = input
    const key = `log group ${logGroupName}`
    return [{ key, on: key, properties: { RetentionInDays: retentionInDays } }]
  },
  'ec2:CreateFlowLogs': (input) => {
    return flowLogParts(input)
  },
}

/** Attributes are text in the API, and numbers and documents here. */
function queuePart(
  name: string,
  attributes: Readonly<Record<string, string>>,
  tags: Readonly<Record<string, string>>,
): Part {
  const read = Object.entries(attributes).map(([key, text]): [string, unknown] => [key, JSON.parse(text)])
  const dead = /"deadLetterTargetArn":"[^"]*:([^":]+)"/.exec(attributes['RedrivePolicy'] ?? '')?.[1]
  return {
    key: `queue ${name}`,
    type: 'AWS::SQS::Queue',
    properties: { QueueName: name, ...Object.fromEntries(read), Tags: tagList(tags) },
    ...(dead === undefined ? {} : { after: [`queue ${dead}`] }),
  }
}

/** One for each resource, as AWS makes them. */
function flowLogParts({ ResourceIds = [], TagSpecifications = [], ...settings }: CreateFlowLogsRequest): Part[] {
  const tags = TagSpecifications.flatMap(({ Tags = [] }) => Tags.map(({ Key, Value }) => ({ Key, Value })))
  const name = tags.at(-1)?.Value ?? ''
  const after = [
    `bucket policy ${/:::([^/]+)/.exec(settings.LogDestination ?? '')?.[1] ?? ''}`,
    `log group ${settings.LogGroupName ?? ''}`,
    `role policy ${settings.DeliverLogsPermissionArn?.split('/').at(-1) ?? ''}`,
  ]
  return ResourceIds.map((ResourceId) => ({
    key: `flow log ${name} ${ResourceId}`,
    type: 'AWS::EC2::FlowLog',
    properties: { ...settings, ResourceId, Tags: tags },
    after,
  }))
}

function tagList(tags: Readonly<Record<string, string>>): object[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}
