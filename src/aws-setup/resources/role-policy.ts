import type { Kind, WantedBase } from '../resource.ts'
import { isSame } from '../policy.ts'
import { unless } from '../refusals.ts'
import { noEntity, readDocument } from './role.ts'

/** What a role may do: the one inline policy of this setup. Named by its role. */
export interface WantedRolePolicy extends WantedBase {
  readonly kind: "reader's rights" | 'delivery rights'
  readonly policyName: string
  /** A policy document. */
  readonly document: object
  /** What it lets the role do, in words: `read the logs`. */
  readonly allows: string
}

export const rolePolicyKind: Kind<WantedRolePolicy, unknown> = {
  async read({ name: RoleName, policyName: PolicyName }, on) {
    const iam = await on.iam()
    return readDocument((await unless(noEntity, iam.getRolePolicy({ RoleName, PolicyName })))?.PolicyDocument)
  },

  compare({ name, policyName, document, allows }, found) {
    if (found !== undefined && isSame(found, document)) return { state: 'same', differences: [], steps: [] }
    const input = { RoleName: name, PolicyName: policyName, PolicyDocument: JSON.stringify(document) }
    return {
      state: found === undefined ? 'missing' : 'differs',
      differences: found === undefined ? [] : ['it allows something else'],
      steps: [
        {
          does: `Let the role ${name} ${allows}, and no more.`,
          call: { operation: 'iam:PutRolePolicy', input },
        },
      ],
    }
  },

  remove: ({ name, policyName }) => ({
    steps: [
      {
        does: `Delete the policy ${policyName} of the role ${name}.`,
        call: { operation: 'iam:DeleteRolePolicy', input: { RoleName: name, PolicyName: policyName } },
      },
    ],
  }),
}
