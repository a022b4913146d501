import type { DuckDBConnection } from '@duckdb/node-api'
import type { AccessKey } from '../api.ts'
import type { CatalogObject } from '../catalog/objects.ts'
import { MillraceError } from '../errors.ts'
import { isAccessKey, renewAccessKey } from '../pipes/access-keys.ts'
import { type Delivery, objectOf } from '../pipes/firehose.ts'
import { pipeText } from '../pipes/pipe.ts'
import type { Pipes } from '../pipes/pipes.ts'
import { objectNamed } from '../sql/execution/object-named.ts'

/** The lake as deliveries need it. */
export interface DeliveryLake {
  readonly objects: () => Promise<readonly CatalogObject[]>
  readonly reading: <T>(work: (connection: DuckDBConnection) => Promise<T>) => Promise<T>
  readonly transaction: <T>(work: (connection: DuckDBConnection) => Promise<T>) => Promise<T>
  readonly pipes: Pick<Pipes, 'definition' | 'deliver'>
}

/** A new key for what Firehose posts to a pipe. The one before ends. */
export async function newAccessKey(lake: DeliveryLake, name: string): Promise<AccessKey> {
  const object = objectNamed('PIPE', name, await lake.objects())
  const pipe = pipeText(object)
  const { reading } = await lake.pipes.definition(object)
  if (reading.type?.wrapped !== true)
    throw new MillraceError(
      'USAGE',
      `PIPE ${pipe} fills no table of flow logs, and Firehose brings flow logs. Make one with "millrace add vpc-flow-logs firehose://NAME".`,
    )
  return {
    pipe,
    path: `/v1/firehose/${encodeURIComponent(pipe)}`,
    access_key: await lake.transaction((connection) => renewAccessKey(connection, pipe)),
  }
}

/** Whether a key opens a pipe's address, told before a request's body is read. */
export async function opensPipe(lake: DeliveryLake, name: string, accessKey: string): Promise<boolean> {
  const pipe = nameOf(name, await lake.objects())
  return lake.reading((connection) => isAccessKey(connection, pipe, accessKey))
}

/** Empty where there is no such pipe: nobody who has no key is told so. */
function nameOf(name: string, objects: readonly CatalogObject[]): string {
  try {
    return pipeText(objectNamed('PIPE', name, objects))
  } catch {
    return ''
  }
}

/** Resolves once a delivery is in the lake: now, or since it was tried before. */
export async function deliver(
  lake: DeliveryLake,
  name: string,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<void> {
  const object = objectNamed('PIPE', name, await lake.objects())
  const pipe = await lake.pipes.definition(object)
  if (pipe.isPaused)
    throw new MillraceError(
      'PIPE_PAUSED',
      `PIPE ${pipeText(pipe)} is paused; Firehose tries again for as long as it is set to. Say ALTER PIPE ${pipeText(pipe)} SET PIPE_EXECUTION_PAUSED = FALSE.`,
    )
  // A request without records proves that somebody is there.
  if (delivery.records.length > 0) await lake.pipes.deliver(object, objectOf(pipeText(pipe), delivery), signal)
}
