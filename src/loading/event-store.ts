import type { DuckDBConnection } from '@duckdb/node-api'
import { literal } from '../engines/duckdb.ts'
import { MillraceError } from '../errors.ts'
import type { StoredCounts } from './records.ts'
import type { Segment } from './segment.ts'

/** Deliveries of subscriptions are tried for 24 hours (CloudWatch Logs User Guide, "Log group-level subscription filters"); the rest is for those that take them on. */
const keptMs = 26 * 3_600_000
/** Readers of log groups look back from where they are. */
const behindMs = 3_600_000
/** As long as there are no more, none is forgotten. */
const mostIds = 5_000_000

/** Lines that are events which the lake has, or had in the same batch: they are stored no second time. Part of the caller's transaction. */
export class EventStore {
  private readonly connection: DuckDBConnection
  private isOpen = false
  private readonly counts = new Map<number, { rows: number; rejects: number }>()

  constructor(connection: DuckDBConnection) {
    this.connection = connection
  }

  /** Rows and rejects that were left out, by file. */
  get repeated(): ReadonlyMap<number, StoredCounts> {
    return this.counts
  }

  /** Sees which events of these segments are new. `excluded` files count for nothing, and `replaced` ones are on their way out. */
  async meet(segments: readonly Segment[], excluded: readonly number[], replaced: readonly number[]): Promise<void> {
    const sources = segments.flatMap(({ table, events }) =>
      events === undefined
        ? []
        : [
            `select _file_id, line, ${literal(table)} as table_name, [${events.groups.map(literal).join(', ')}][log_group + 1] as log_group, event_ms, id_hash from read_parquet(${literal(events.path)})`,
          ],
    )
    if (sources.length === 0) return
    if (!this.isOpen) await this.open()
    const without = excluded.length === 0 ? '' : `where _file_id not in (${excluded.join(', ')})`
    await this.connection.run(`
      create or replace temp table incoming_events as
      select *, row_number() over same as place, first_value(_file_id) over same as first_file_id
      from (${sources.join(' union all ')}) ${without}
      window same as (partition by table_name, log_group, event_ms, id_hash order by _file_id, line)`)
    const staying = replaced.length === 0 ? '' : `where file_id not in (${replaced.join(', ')})`
    await this.connection.run(`
      insert into temp.repeated_lines
      select i._file_id, i.line, case when k.id_hash is null then coalesce(m._file_id, i.first_file_id) end
      from temp.incoming_events i
      left join (select distinct table_name, log_group, event_ms, id_hash from lake.log_events ${staying}) k
        using (table_name, log_group, event_ms, id_hash)
      left join temp.met_events m using (table_name, log_group, event_ms, id_hash)
      where i.place > 1 or m._file_id is not null or k.id_hash is not null`)
    await this.connection.run(`
      insert into temp.met_events
      select table_name, log_group, event_ms, id_hash, _file_id
      from temp.incoming_events anti join temp.repeated_lines using (_file_id, line)`)
  }

  /** What of spool files is to be stored. `line` is what their line numbers are called. */
  async newLines(paths: readonly string[], line: '_line' | 'line', count: 'rows' | 'rejects'): Promise<string> {
    if (!this.isOpen) return ''
    const condition = `(_file_id, ${line}) in (select (_file_id, line) from temp.repeated_lines)`
    const reader = await this.connection.runAndReadAll(`
      select _file_id, count(*) from read_parquet([${paths.map(literal).join(', ')}]) where ${condition} group by _file_id`)
    for (const [file, more] of reader.getRows()) {
      const sum = this.counts.get(Number(file)) ?? { rows: 0, rejects: 0 }
      sum[count] += Number(more)
      this.counts.set(Number(file), sum)
    }
    return `not ${condition}`
  }

  /**
   * Keeps the events of the files that are loaded. Throws where one of them was left out for the sake of a file that is not: then each has to be
   * loaded by itself.
   */
  async keep(loaded: readonly number[]): Promise<void> {
    if (!this.isOpen) return
    this.isOpen = false
    this.counts.clear()
    const list = loaded.length === 0 ? '(null)' : `(${loaded.join(', ')})`
    const lost = await this.connection.runAndReadAll(
      `select 1 from temp.repeated_lines where _file_id in ${list} and first_file_id not in ${list} limit 1`,
    )
    if (lost.currentRowCount > 0)
      throw new MillraceError('INTERNAL', 'Events of a file that failed were taken for those of another.')
    await this.connection.run(`
      insert into lake.log_events by name
      select table_name, log_group, event_ms, id_hash, _file_id as file_id from temp.met_events where _file_id in ${list}`)
    await forgetEvents(this.connection, mostIds)
  }

  private async open(): Promise<void> {
    await this.connection.run(`
      create or replace temp table met_events (table_name varchar, log_group varchar, event_ms bigint, id_hash bigint, _file_id integer);
      create or replace temp table repeated_lines (_file_id integer, line bigint, first_file_id integer)`)
    this.isOpen = true
  }
}

/** Forgets events of files whose rows are taken out. */
export async function removeEvents(connection: DuckDBConnection, fileIds: readonly number[]): Promise<void> {
  if (fileIds.length > 0) await connection.run(`delete from lake.log_events where file_id in (${fileIds.join(', ')})`)
}

/**
 * Where there are more events than that, forgets those that nobody brings again: 26 hours older than the newest of their group, and no longer in what readers
 * of the group have before them.
 */
export async function forgetEvents(connection: DuckDBConnection, most: number): Promise<void> {
  const reader = await connection.runAndReadAll(`select count(*) > ${most} from lake.log_events`)
  if (reader.getRows()[0]?.[0] !== true) return
  await connection.run(`
    delete from lake.log_events e using (
      select table_name, log_group,
        least(max(n.event_ms) - ${keptMs}, coalesce(min(g.settled_ms), max(n.event_ms)) - ${behindMs}) as until_ms,
        coalesce(max(g.read_from_ms) filter (g.start_ms < g.read_from_ms), -9223372036854775807) as from_ms
      from (select table_name, log_group, max(event_ms) as event_ms from lake.log_events group by all) n
      left join lake.log_groups g using (table_name, log_group)
      group by all
    ) f
    where e.table_name = f.table_name and e.log_group = f.log_group and e.event_ms < f.until_ms and e.event_ms >= f.from_ms`)
}
