import type { ExternalTable } from '../external/external-table.ts'
import { externalNamed, partitionedOf } from '../external/external-table.ts'
import {
  type Partition,
  addPartition,
  dropPartition,
  partitionName,
  readPartitions,
  valueOfFolder,
} from '../external/partition-store.ts'
import { beneath, folderOf, rootOf, stageOf } from '../external/places.ts'
import { projectionIn } from '../external/projection.ts'
import { failed } from '../execution/failure.ts'
import { shownName } from '../execution/names.ts'
import { type Outcome, outcomeOf, statusOf } from '../execution/plan.ts'
import { onConnection } from '../execution/script-lake.ts'
import type { PartitionSpec } from '../statements/partitions.ts'
import type { Action, ActionContext } from './action.ts'

/** ALTER TABLE ADD PARTITION: its files are loaded by the queries that read the table. */
export const addPartitions: Action<'add-partitions'> = async (statement, context) => {
  const table = partitionedOf(externalNamed(statement.table, context))
  const added = statement.partitions.map(({ spec, location }) => partitionOf(table, spec, location))
  const made = await context.lake.transaction(async (connection) => {
    const there = await readPartitions(connection, table.name)
    const fresh: Partition[] = []
    for (const partition of added) {
      const isThere = [...there, ...fresh].some(({ name }) => name === partition.name)
      if (isThere && !statement.ifNotExists)
        throw failed(
          `partition ${partition.name} of table ${shownName(table.object)} already exists; say ADD IF NOT EXISTS`,
        )
      if (isThere) continue
      refuseOverlap(partition, [...there, ...fresh], table)
      fresh.push(partition)
      await addPartition(connection, table.name, partition)
    }
    return fresh
  }, context.signal)
  return said(statusOf(`${made.length} partitions were added.`), table)
}

export const dropPartitions: Action<'drop-partitions'> = async ({ table: named, specs, ifExists }, context) => {
  const table = partitionedOf(externalNamed(named, context))
  const names = specs.map((spec) => partitionName(table.partitionedBy, valuesOf(table, spec)))
  await context.lake.transaction(async (connection) => {
    const there = await readPartitions(connection, table.name)
    for (const name of names) {
      const partition = there.find((one) => one.name === name)
      if (partition !== undefined) await dropPartition(connection, table.name, partition, rootOf(partition.location))
      else if (!ifExists)
        throw failed(`partition ${name} of table ${shownName(table.object)} does not exist; SHOW PARTITIONS lists them`)
    }
  }, context.signal)
  return said(statusOf(`${names.length} partitions were dropped.`), table)
}

export const showPartitions: Action<'show-partitions'> = async ({ table: named }, context) => {
  const table = partitionedOf(externalNamed(named, context))
  const partitions = await onConnection(context.lake.engine, (connection) => readPartitions(connection, table.name))
  return said(
    outcomeOf(
      ['partition'],
      partitions.map(({ name }) => [name]),
    ),
    table,
  )
}

/** Registers what lies in folders such as `dt=2026-11-21/` beneath the table's location. */
export const repairTable: Action<'repair-table'> = async ({ table: named }, context) => {
  const table = partitionedOf(externalNamed(named, context))
  const found = await foundPartitions(table, context)
  const added = await context.lake.transaction(async (connection) => {
    const there = new Set((await readPartitions(connection, table.name)).map(({ name }) => name))
    const fresh = found.filter(({ name }) => !there.has(name))
    for (const partition of fresh) await addPartition(connection, table.name, partition)
    return fresh
  }, context.signal)
  return said(
    outcomeOf(
      ['partition', 'location'],
      added.map(({ name, location }) => [name, location]),
    ),
    table,
  )
}

async function foundPartitions(table: ExternalTable, { lake, signal }: ActionContext): Promise<Partition[]> {
  const { location } = table.external
  const folder = folderOf(location)
  const stage = await stageOf({ folders: [folder], valuesOf: () => [] }, lake.stages)
  const root = rootOf(location)
  const depth = table.partitionedBy.length
  const found = new Map<string, Partition>()
  for await (const objects of stage.list(signal))
    for (const { uri } of objects) {
      const path = uri.slice(root.length).split('/').slice(0, -1).slice(0, depth)
      const values = path.flatMap((part, index) => {
        const column = table.partitionedBy[index] ?? ''
        const [name = '', value] = part.split(/=(.*)/s)
        return name.toLowerCase() === column && value !== undefined ? [valueOfFolder(value)] : []
      })
      if (values.length < depth) continue
      const name = partitionName(table.partitionedBy, values)
      if (!found.has(name)) found.set(name, { name, values, location: beneath(folder, path.join('/')) })
    }
  return [...found.values()]
}

/** The values of a partition in the order of the table's columns; each must be said. */
function valuesOf({ partitionedBy, object }: ExternalTable, spec: PartitionSpec): string[] {
  const values = partitionedBy.flatMap((name) => spec.find(({ column }) => column.text === name)?.value ?? [])
  if (values.length === partitionedBy.length && spec.length === partitionedBy.length) return values
  throw failed(
    `a partition of table ${shownName(object)} has a value for each of ${partitionedBy.join(', ')}, and for no other column; say PARTITION (${partitionedBy.map((name) => `${name} = '…'`).join(', ')})`,
  )
}

function partitionOf(table: ExternalTable, spec: PartitionSpec, location: string | undefined): Partition {
  const values = valuesOf(table, spec)
  const name = partitionName(table.partitionedBy, values)
  return {
    name,
    values,
    location: location === undefined ? beneath(table.external.location, name) : folderOf(location),
  }
}

/** An object is loaded once, so it lies in one partition. */
function refuseOverlap(partition: Partition, others: readonly Partition[], { object }: ExternalTable): void {
  const root = rootOf(partition.location)
  const other = others.find(({ location }) => {
    const there = rootOf(location)
    return there.startsWith(root) || root.startsWith(there)
  })
  if (other !== undefined)
    throw failed(
      `partition ${partition.name} of table ${shownName(object)} has its files in ${partition.location}, and partition ${other.name} has them in ${other.location}; an object is loaded into one partition, so give each a folder of its own`,
    )
}

/** With a projection, what is registered does not count. */
function said(outcome: Outcome, { external, object }: ExternalTable): Outcome {
  if (projectionIn(external) === undefined) return outcome
  const notice = `${shownName(object)} has projection.enabled = true: its partitions are computed, and those that are registered do not count.`
  return { ...outcome, notices: [notice] }
}
