import type { Row, Step, Write } from './any-course.ts'

/** A table's rows by what tells them apart, which stays when they are updated. */
type State = ReadonlyMap<number, Row>

interface ModelStream {
  readonly isAppendOnly: boolean
  /** The table when the stream was last read. */
  readonly seen: State
  /** Rows that came since, as they came. */
  readonly appended: readonly Row[]
}

/** What a table and its streams do, told from whole states of the table: nothing of how it is stored. */
export class StreamModel {
  private state: State = new Map()
  private streams = new Map<number, ModelStream>()
  private nextKey = 0
  /** What the last consumption took. */
  sink: readonly string[] = []

  makeStream(stream: number, isAppendOnly: boolean, showsInitialRows: boolean): void {
    const appended = showsInitialRows ? [...this.state.values()] : []
    this.streams.set(stream, { isAppendOnly, seen: showsInitialRows ? new Map() : this.state, appended })
  }

  /** What a stream has, as texts in any order. */
  changesIn(stream: number): string[] {
    const one = this.streams.get(stream)
    if (one === undefined) throw new Error(`there is no stream ${stream}`)
    return one.isAppendOnly ? one.appended.map((row) => textOf('+', row)) : changes(one.seen, this.state)
  }

  /** One transaction of writes and consumptions. */
  transact(steps: readonly Exclude<Step, { does: 'transaction' | 'reopen' | 'make-stream' | 'fail' }>[]): void {
    const before = this.state
    let state = before
    const consumed = new Set<number>()
    for (const step of steps) {
      if (step.does === 'consume') {
        this.sink = this.changesIn(step.stream)
        consumed.add(step.stream)
      } else state = this.written(state, step)
    }
    const appended = [...state].flatMap(([key, row]) => (before.has(key) ? [] : [row]))
    for (const [name, stream] of this.streams) {
      const left = consumed.has(name) ? { ...stream, seen: before, appended: [] } : stream
      this.streams.set(name, { ...left, appended: [...left.appended, ...appended] })
    }
    this.state = state
  }

  /** The rows, as texts. */
  rows(): string[] {
    return [...this.state.values()].map((row) => textOf('', row))
  }

  private written(before: State, write: Write): State {
    const state = new Map(before)
    switch (write.does) {
      case 'insert':
        for (const row of write.rows) state.set(this.nextKey++, row)
        break
      case 'update':
        for (const [key, row] of before) if (row.id === write.id) state.set(key, { ...row, n: write.n })
        break
      case 'delete':
        for (const [key, row] of before) if (row.id === write.id) state.delete(key)
        break
      case 'truncate':
        state.clear()
        break
      case 'merge':
        for (const source of write.rows) {
          const matched = [...before].filter(([, row]) => row.id === source.id)
          for (const [key] of matched) {
            if (source.n === 0) state.delete(key)
            else state.set(key, source)
          }
          if (matched.length === 0) state.set(this.nextKey++, source)
        }
    }
    return state
  }
}

/** Versions of a row are other objects: an update to the same values is a change. */
function changes(seen: State, now: State): string[] {
  const old = [...seen].flatMap(([key, row]) => (now.get(key) === row ? [] : [textOf('-', row, now.has(key))]))
  const made = [...now].flatMap(([key, row]) => (seen.get(key) === row ? [] : [textOf('+', row, seen.has(key))]))
  return [...old, ...made]
}

function textOf(sign: string, { id, n }: Row, isUpdate = false): string {
  return `${sign}${id}:${n}${isUpdate ? '*' : ''}`
}
