import type { Account } from '../../aws-setup/account.ts'
import { commandLine, innerDocuments } from '../../aws-setup/command-line.ts'
import { type Counts, type Plan, countsOf } from '../../aws-setup/plan.ts'
import type { RemovalPlan } from '../../aws-setup/removal.ts'
import type { State } from '../../aws-setup/resource.ts'
import type { Step } from '../../aws-setup/step.ts'

const words: Readonly<Record<State, string>> = {
  missing: 'to create',
  same: 'as wanted',
  differs: 'to change',
  foreign: "others'",
}

/** A line of a table, and what stands below it. */
interface Line {
  readonly cells: readonly [string, string, string]
  readonly below: readonly string[]
}

/** A plan as people read it: what is there, and the steps as commands. Pure. */
export function planText(setup: string, plan: Plan): string {
  const lines = plan.resources.map(({ resource, state, differences, remarks = [], obstacle }): Line => {
    const { kind, name } = resource.wanted
    return {
      cells: [obstacle === undefined ? words[state] : 'impossible', kind, name],
      below: [...differences, ...remarks, ...(obstacle === undefined ? [] : [obstacle])],
    }
  })
  const steps = plan.resources.flatMap((one) => one.steps)
  return [
    headText(setup, plan.account),
    linesText(lines),
    ...(steps.length === 0 ? [] : ['', stepsText(steps, plan.account)]),
    '',
    countsText(countsOf(plan)),
    '',
  ].join('\n')
}

/** What would be taken away. Pure. */
export function removalText(setup: string, { account, resources }: RemovalPlan): string {
  const steps = resources.flatMap((one) => one.steps)
  const remarks = remarksOf(resources)
  return [
    headText(setup, account),
    ...remarks.map((remark) => `  ${remark}`),
    ...(steps.length === 0 ? ['', 'Nothing is to be taken away.'] : ['', stepsText(steps, account)]),
    '',
  ].join('\n')
}

/** Each once: several flow logs say the same. */
function remarksOf(resources: RemovalPlan['resources']): string[] {
  return [...new Set(resources.flatMap((one) => one.remarks ?? []))]
}

/** What is there, with what is known of how it does. Pure. */
export function stateText(setup: string, plan: Plan, facts: readonly (readonly string[])[]): string {
  const states: Readonly<Record<State, string>> = { ...words, missing: 'missing', differs: 'differs' }
  const lines = plan.resources.map(({ resource, state, differences, remarks = [], obstacle }, index): Line => {
    const { kind, name } = resource.wanted
    const below = [...(facts[index] ?? []), ...differences, ...remarks, ...(obstacle === undefined ? [] : [obstacle])]
    return { cells: [states[state], kind, name], below }
  })
  return [headText(setup, plan.account), linesText(lines), ''].join('\n')
}

/** `3 to create, 1 to change, 7 as wanted.` */
export function countsText({ create, change, same, foreign }: Counts): string {
  const others = foreign === 0 ? '' : `, ${foreign} of others left alone`
  return `${create} to create, ${change} to change, ${same} as wanted${others}.`
}

function headText(setup: string, { place, callerArn }: Account): string {
  return `Setup ${setup} in account ${place.accountId}, ${place.region}, as ${callerArn}\n`
}

function linesText(lines: readonly Line[]): string {
  const width = (column: 0 | 1): number => Math.max(0, ...lines.map(({ cells }) => cells[column].length))
  const [first, second] = [width(0), width(1)]
  const indent = ' '.repeat(first + 4)
  return lines
    .map(({ cells: [state, kind, name], below }) =>
      [`  ${state.padEnd(first)}  ${kind.padEnd(second)}  ${name}`, ...below.map((text) => indent + text)].join('\n'),
    )
    .join('\n')
}

/** Steps as people read them: each with its command and its documents. Pure. */
export function stepsText(steps: readonly Step[], { place }: Account): string {
  const width = String(steps.length).length
  return steps
    .map(({ does, call }, index) => {
      const documents = innerDocuments(call).map(({ name, document }) => `${name}:\n${document}`)
      const body = [commandLine(call, place.region), ...documents].join('\n')
      const indent = ' '.repeat(width + 4)
      return `  ${String(index + 1).padStart(width)}. ${does}\n${body.replaceAll(/^/gm, indent)}`
    })
    .join('\n')
}

/** A plan as data. */
export function planData(setup: string, plan: Plan): object {
  return {
    setup,
    ...placeData(plan.account),
    counts: countsOf(plan),
    resources: plan.resources.map(({ resource, state, differences, remarks = [], obstacle, steps }) => ({
      kind: resource.wanted.kind,
      name: resource.wanted.name,
      state,
      differences,
      remarks,
      ...(obstacle === undefined ? {} : { obstacle }),
      steps: steps.map((step) => stepData(step, plan.account)),
    })),
  }
}

/** What would be taken away, as data. */
export function removalData(setup: string, { account, resources }: RemovalPlan): object {
  return {
    setup,
    ...placeData(account),
    remarks: remarksOf(resources),
    steps: resources.flatMap((one) => one.steps).map((step) => stepData(step, account)),
  }
}

export function placeData({ place, callerArn }: Account): object {
  return { account: place.accountId, region: place.region, caller: callerArn }
}

export function stepData({ does, call }: Step, { place }: Account): object {
  const [service, operation] = call.operation.split(':')
  return { does, service, operation, input: call.input, command: commandLine(call, place.region) }
}
