import type { DuckDBConnection } from '@duckdb/node-api'
import { z } from 'zod'
import type { StageObject } from '../stages/stage.ts'
import { type PipeName, pipeText } from './pipe.ts'

/** What is kept of a pipe beside its definition. */
export interface PipeState {
  readonly isPaused: boolean
  readonly queueUrl: string | undefined
  readonly queueArn: string | undefined
  readonly startMs: number | undefined
  readonly listedMs: number | undefined
}

const stateShape = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.boolean(),
  z.string().nullable(),
  z.string().nullable(),
  z.coerce.number().nullable(),
  z.coerce.number().nullable(),
])

/** What is kept of every pipe, by its name as one text. */
export async function readPipeStates(connection: DuckDBConnection): Promise<ReadonlyMap<string, PipeState>> {
  const reader = await connection.runAndReadAll(`
    select database_name, schema_name, name, is_paused, queue_url, queue_arn, epoch_ms(start_at)::varchar, epoch_ms(listed_at)::varchar
    from lake.pipes`)
  return new Map(
    reader.getRows().map((row) => {
      const [database, schema, name, isPaused, queueUrl, queueArn, startMs, listedMs] = stateShape.parse(row)
      const state = {
        isPaused,
        queueUrl: queueUrl ?? undefined,
        queueArn: queueArn ?? undefined,
        startMs: startMs ?? undefined,
        listedMs: listedMs ?? undefined,
      }
      return [pipeText({ database, schema, name }), state]
    }),
  )
}

const keyCondition = 'database_name = $1::varchar and schema_name = $2::varchar and name = $3::varchar'

function keyOf({ database, schema, name }: PipeName): string[] {
  return [database, schema, name]
}

/** Writes what is kept of a pipe, in place of what was. Part of the caller's transaction. */
export async function writePipeState(
  connection: DuckDBConnection,
  pipe: PipeName,
  { isPaused, queueUrl, queueArn, startMs, listedMs }: PipeState,
): Promise<void> {
  await connection.run(`delete from lake.pipes where ${keyCondition}`, keyOf(pipe))
  await connection.run(
    `insert into lake.pipes values ($1::varchar, $2::varchar, $3::varchar, $4::boolean, $5::varchar, $6::varchar, make_timestamp($7::bigint * 1000), make_timestamp($8::bigint * 1000))`,
    [
      ...keyOf(pipe),
      isPaused,
      queueUrl ?? null,
      queueArn ?? null,
      startMs === undefined ? null : BigInt(Math.trunc(startMs)),
      listedMs === undefined ? null : BigInt(Math.trunc(listedMs)),
    ],
  )
}

/** Notes when everything was listed. */
export async function writeListed(connection: DuckDBConnection, pipe: PipeName, atMs: number): Promise<void> {
  await connection.run(`update lake.pipes set listed_at = make_timestamp($4::bigint * 1000) where ${keyCondition}`, [
    ...keyOf(pipe),
    BigInt(Math.trunc(atMs)),
  ])
}

/** Forgets a pipe. Part of the caller's transaction. */
export async function removePipeState(connection: DuckDBConnection, pipe: PipeName): Promise<void> {
  await connection.run(`delete from lake.pipes where ${keyCondition}`, keyOf(pipe))
  for (const table of ['parked_objects', 'requested_objects', 'access_keys'])
    await connection.run(`delete from lake.${table} where pipe = $1::varchar`, [pipeText(pipe)])
}

/** A pipe goes on under another name, with all that it has loaded and given up. Part of the caller's transaction. */
export async function movePipeState(connection: DuckDBConnection, from: PipeName, to: PipeName): Promise<void> {
  await connection.run(
    `update lake.pipes set database_name = $4::varchar, schema_name = $5::varchar, name = $6::varchar where ${keyCondition}`,
    [...keyOf(from), ...keyOf(to)],
  )
  for (const table of ['objects', 'parked_objects', 'requested_objects', 'access_keys'])
    await connection.run(`update lake.${table} set pipe = $2::varchar where pipe = $1::varchar`, [
      pipeText(from),
      pipeText(to),
    ])
}

/** What a pipe has given up: an object, or a message that names none. */
export interface Parked {
  readonly object?: Pick<StageObject, 'uri' | 'version' | 'size'> | undefined
  readonly code: string
  readonly reason: string
  /** The message's text, where it names no object. */
  readonly body?: string | undefined
}

const maxBody = 65_536

/** Keeps what a pipe gives up, before its message is deleted. What was kept already is kept once. */
export async function park(connection: DuckDBConnection, pipe: string, parked: readonly Parked[]): Promise<void> {
  for (const { object, code, reason, body: text } of parked) {
    const body = text?.slice(0, maxBody) ?? null
    await removeParked(connection, pipe, object === undefined ? [] : [object.uri])
    if (body !== null)
      await connection.run(
        'delete from lake.parked_objects where pipe = $1::varchar and uri is null and body = $2::varchar',
        [pipe, body],
      )
    await connection.run(
      `insert into lake.parked_objects values ($1::varchar, $2::varchar, $3::varchar, $4::bigint, $5::varchar, $6::varchar, $7::varchar, current_localtimestamp())`,
      [
        pipe,
        object?.uri ?? null,
        object?.version ?? null,
        object === undefined ? null : BigInt(object.size),
        code,
        reason,
        body,
      ],
    )
  }
}

/** Forgets parked objects that have been loaded after all. */
export async function removeParked(connection: DuckDBConnection, pipe: string, uris: readonly string[]): Promise<void> {
  for (const uri of uris)
    await connection.run('delete from lake.parked_objects where pipe = $1::varchar and uri = $2::varchar', [pipe, uri])
}

/** A version of an object that a pipe has given up. */
export interface ParkedVersion {
  readonly version: string
  readonly code: string
}

/** A pipe's parked objects, by URI. */
export async function readParked(connection: DuckDBConnection, pipe: string): Promise<Map<string, ParkedVersion>> {
  const reader = await connection.runAndReadAll(
    'select uri, version, code from lake.parked_objects where pipe = $1::varchar and uri is not null',
    [pipe],
  )
  return new Map(
    reader.getRows().map(([uri, version, code]) => [String(uri), { version: String(version), code: String(code) }]),
  )
}
