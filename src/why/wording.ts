import type { Remark, Verdict } from './diagnose.ts'
import { japanese } from './wording-ja.ts'

/** What a verdict says in a sentence, and what to look at. `{source}`, `{destination}` and `{port}` are filled in. */
export interface Words {
  readonly summary: string
  readonly checks: readonly string[]
}

/** Everything that an answer says, in one language. */
export interface Wording {
  readonly verdicts: Readonly<Record<Verdict, Words>>
  readonly remarks: Readonly<Record<Remark, string>>
  /** What flow logs cannot tell. */
  readonly limits: readonly string[]
  readonly anyPort: string
  /** With `{port}`. */
  readonly onePort: string
}

export const languages = ['en', 'ja'] as const

export type Language = (typeof languages)[number]

const sourceRules = [
  "Outbound rules of the security groups at the source's interface.",
  "Outbound rules of the network ACL of the source's subnet.",
]
const destinationRules = [
  "Inbound rules of the security groups at the destination's interface: {port} from {source}.",
  "Inbound rules of the network ACL of the destination's subnet.",
]

const verdicts: Wording['verdicts'] = {
  'no-records': {
    summary: 'The lake holds no flow log record of this time at all.',
    checks: [
      'Whether logs of this time are loaded ("millrace history"); delivery takes ten minutes or more.',
      'Whether the flow log is active.',
    ],
  },
  'addresses-unknown': {
    summary: 'No record of this time names {source} or {destination}.',
    checks: [
      'Whether the addresses are right: behind NAT or a load balancer the records hold other ones.',
      'Whether the interfaces of both are covered by a flow log.',
    ],
  },
  'nothing-sent': {
    summary:
      'No record shows traffic from {source} to {destination} {port}, though other traffic of theirs is recorded.',
    checks: [
      'Whether the application sends at all, and to this address: name resolution, proxy, firewall of the host.',
      "The route table of the source's subnet: traffic without a route never reaches an interface that records it.",
    ],
  },
  'rejected-at-source': {
    summary: 'Traffic from {source} to {destination} {port} is rejected where it leaves the source.',
    checks: sourceRules,
  },
  'rejected-at-destination': {
    summary: 'Traffic from {source} to {destination} {port} is rejected where it arrives.',
    checks: destinationRules,
  },
  rejected: {
    summary: 'Traffic from {source} to {destination} {port} is rejected; the records do not tell on whose side.',
    checks: [...destinationRules, ...sourceRules],
  },
  'answer-rejected-at-destination': {
    summary: 'The request is accepted, and the answer is rejected where it leaves the destination.',
    checks: [
      "Outbound rules of the network ACL of the destination's subnet: answers go to ports 1024 to 65535. Security groups are stateful and let answers through.",
    ],
  },
  'answer-rejected-at-source': {
    summary: 'The request is accepted, and the answer is rejected where it comes back to the source.',
    checks: [
      "Inbound rules of the network ACL of the source's subnet: answers come to ports 1024 to 65535. Security groups are stateful and let answers through.",
    ],
  },
  'answer-rejected': {
    summary: 'The request is accepted, and the answer is rejected; the records do not tell on whose side.',
    checks: ['Network ACLs of both subnets: they are stateless and must allow answers to ports 1024 to 65535.'],
  },
  'lost-between': {
    summary:
      "Traffic leaves the source and is not recorded at the destination's interface, which records other traffic.",
    checks: [
      'Routes between the two: peering, Transit Gateway, VPN, and the route back.',
      'Firewalls and appliances on the way.',
      'Whether the address belongs to another machine by now.',
    ],
  },
  'left-source': {
    summary:
      "Traffic leaves the source, accepted. Nothing is recorded at the destination's interface: no flow log of it is in the lake.",
    checks: [
      'A flow log at the destination.',
      'Routes between the two, and firewalls on the way.',
      'The other side, where it is not yours.',
    ],
  },
  'no-answer': {
    summary: 'Traffic arrives, accepted, and no answer is recorded.',
    checks: [
      'Whether something listens on {port} of {destination}, on that address and not only on localhost.',
      "The firewall of the destination's host.",
      "The route back: the route table of the destination's subnet.",
    ],
  },
  'port-closed': {
    summary: '{destination} answers with a reset: it is reached, and nothing listens on {port}.',
    checks: ['Whether the service runs, and on which port and address it listens.'],
  },
  'only-answers': {
    summary: 'Only traffic from {destination} back to {source} is recorded, not the request.',
    checks: [
      'Whether the interface that sends the request is covered by the flow log.',
      'Whether source and destination are the other way round.',
    ],
  },
  arrives: {
    summary: 'Traffic arrives and is answered: security groups, network ACLs and routes let it through.',
    checks: ['The layer above: TLS, name and path of the service, its own log ("web_access_logs").'],
  },
}

const remarks: Wording['remarks'] = {
  'changed-over-time':
    'The same interface accepted and rejected this traffic within the time asked for: rules were changed. The latest counts here.',
  'records-skipped':
    'AWS dropped records in this time (SKIPDATA): what is not recorded here may have been sent all the same.',
  'public-access-blocked': 'The record names the reason: VPC Block Public Access.',
  'encryption-required': 'The record names the reason: VPC encryption controls.',
  'no-flags': 'This flow log does not record TCP flags, which would show whether connections were established.',
}

const limits: Wording['limits'] = [
  'A rejected request does not say which rule refused it, nor whether a security group or a network ACL did.',
  'What a host drops itself, and what never left it, is not recorded.',
  'Not recorded at all: the Amazon DNS server, instance metadata, Amazon Time Sync, DHCP, Windows activation, mirrored traffic.',
  'Records are sums over one or ten minutes, delivered by best effort some ten minutes later.',
]

const english: Wording = { verdicts, remarks, limits, anyPort: 'at any port', onePort: 'port {port}' }

export const wordings: Readonly<Record<Language, Wording>> = { en: english, ja: japanese }
