import type { Kind, WantedBase } from '../resource.ts'
import { isSame } from '../policy.ts'
import { unless } from '../refusals.ts'
import { isMadeBy, setupTags } from '../step.ts'

/** A role that somebody takes on: Millrace to read, or a service to deliver. */
export interface WantedRole extends WantedBase {
  readonly kind: "reader's role" | 'delivery role'
  readonly setup: string
  readonly arn: string
  /** What IAM shows of it. */
  readonly description: string
  /** A policy document: who may take it on, and under which conditions. */
  readonly trust: object
}

interface FoundRole {
  readonly isOwn: boolean
  readonly trust: unknown
}

/** What IAM says where there is no such role or policy. */
export const noEntity = ['NoSuchEntity', 'NoSuchEntityException']

export const roleKind: Kind<WantedRole, FoundRole> = {
  async read({ name: RoleName, setup }, on) {
    const iam = await on.iam()
    const role = (await unless(noEntity, iam.getRole({ RoleName })))?.Role
    if (role === undefined) return undefined
    const tags = role.Tags ?? (await unless(noEntity, iam.listRoleTags({ RoleName })))?.Tags ?? []
    return { isOwn: isMadeBy(setup, tags), trust: readDocument(role.AssumeRolePolicyDocument) }
  },

  compare({ kind, name, setup, description, trust }, found) {
    const document = JSON.stringify(trust)
    if (found === undefined) {
      const named = { RoleName: name, Description: description }
      const input = { ...named, AssumeRolePolicyDocument: document, Tags: setupTags(setup) }
      return {
        state: 'missing',
        differences: [],
        steps: [{ does: `Make the role ${name}.`, call: { operation: 'iam:CreateRole', input } }],
      }
    }
    if (!found.isOwn)
      return {
        state: 'foreign',
        differences: [],
        steps: [],
        obstacle: `There is a role ${name} that this setup has not made. Take another name for the ${kind}.`,
      }
    if (isSame(found.trust, trust)) return { state: 'same', differences: [], steps: [] }
    const call = {
      operation: 'iam:UpdateAssumeRolePolicy',
      input: { RoleName: name, PolicyDocument: document },
    } as const
    return {
      state: 'differs',
      differences: ['others may take it on, or under other conditions'],
      steps: [{ does: `Set who may take on the role ${name}.`, call }],
    }
  },

  facts: ({ arn }) => [`Its ARN is ${arn}.`],

  remove({ name }, { isOwn }) {
    if (!isOwn) return { steps: [], remarks: [`The role ${name} stays: this setup has not made it.`] }
    return {
      steps: [{ does: `Delete the role ${name}.`, call: { operation: 'iam:DeleteRole', input: { RoleName: name } } }],
    }
  },
}

/** IAM gives documents with percent signs (API reference, GetRole). */
export function readDocument(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text.startsWith('%7B') ? decodeURIComponent(text) : text)
  } catch {
    return undefined
  }
}
