import type { PlannedResource } from '../plan.ts'
import { titleOf } from '../plan.ts'
import type { Call, Operation } from '../operations.ts'
import { bucketForms } from './bucket-parts.ts'
import { otherForms } from './other-parts.ts'
import type { Forms, Part, Properties } from './part.ts'

/** A resource of a CloudFormation template. */
export interface TemplateResource {
  readonly Type: string
  readonly DependsOn?: readonly string[]
  readonly DeletionPolicy?: 'Retain'
  readonly UpdateReplacePolicy?: 'Retain'
  readonly Properties: Properties
}

export interface Template {
  readonly AWSTemplateFormatVersion: '2010-09-09'
  readonly Description: string
  readonly Resources: Readonly<Record<string, TemplateResource>>
}

/** A template, and what the reader has to know: above all what it leaves out. */
export interface Written {
  readonly template: Template
  readonly remarks: readonly string[]
}

/**
 * A setup as a template: of all that is missing, just what an empty account would be sent. A stack cannot take over what is there, and sets policies and notifications
 * as a whole; so what is there is left out, and what belongs to it too. Pure.
 */
export function templateOf(description: string, planned: readonly PlannedResource[]): Written {
  const missing = planned.filter(({ state }) => state === 'missing')
  const found = missing.map((one) => ({ one, parts: one.resource.fresh().flatMap(({ call }) => partsOf(call)) }))
  const made = new Set(
    found.flatMap(({ parts }) => parts.flatMap(({ key, type }) => (type === undefined ? [] : [key]))),
  )
  const isLeftOut = ({ on }: Part): boolean => on !== undefined && !made.has(on)
  const kept = found.flatMap(({ parts }) => parts.filter((part) => !isLeftOut(part)))
  const leftOut = found.filter(({ parts }) => parts.length === 0 || parts.some(isLeftOut)).map(({ one }) => one)
  const changed = planned.filter(({ state, steps }) => state !== 'missing' && steps.length > 0)
  return {
    template: { AWSTemplateFormatVersion: '2010-09-09', Description: description, Resources: resourcesOf(kept) },
    remarks: [...planned.flatMap(({ remarks = [] }) => remarks), ...[...leftOut, ...changed].map(leftOutRemark)],
  }
}

const forms: Forms = { ...bucketForms, ...otherForms }

/** What a call comes to in a template. */
function partsOf<O extends Operation>({ operation, input }: Call<O>): Part[] {
  return forms[operation]?.(input) ?? []
}

function leftOutRemark(one: PlannedResource): string {
  const does = one.steps.map((step) => step.does).join(' ')
  return `Left out: the ${titleOf(one.resource)}. It belongs to what is there already, where a stack would replace what others have set. "millrace aws apply" merges it: ${does}`
}

function resourcesOf(parts: readonly Part[]): Record<string, TemplateResource> {
  const keys = [...new Set(parts.map(({ key }) => key))]
  return Object.fromEntries(
    keys.map((key) => {
      const own = parts.filter((part) => part.key === key)
      const after = new Set(own.flatMap((part) => part.after ?? []))
      const DependsOn = keys.filter((other) => after.has(other) && other !== key).map(logicalId)
      return [
        logicalId(key),
        {
          Type: own.flatMap(({ type }) => type ?? []).join(''),
          ...(DependsOn.length === 0 ? {} : { DependsOn }),
          ...(own.some(({ isKept }) => isKept)
            ? { DeletionPolicy: 'Retain' as const, UpdateReplacePolicy: 'Retain' as const }
            : {}),
          Properties: Object.fromEntries(own.flatMap(({ properties }) => Object.entries(properties))),
        },
      ]
    }),
  )
}

/** `queue policy logs` is QueuePolicyLogs: letters and digits alone. */
export function logicalId(key: string): string {
  const words = key.split(/[^a-zA-Z\d]+/)
  return words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('')
}
