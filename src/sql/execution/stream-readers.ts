import { type Task, taskText } from '../../tasks/task.ts'
import { streamsIn } from '../../tasks/condition.ts'
import { lexicalRules } from '../statement/dialect.ts'
import { lex } from '../statement/lexer.ts'
import { sourceOf } from '../statement/source.ts'
import { fold } from './names.ts'

/**
 * Which tasks name which streams, behind WHEN or in what they run: names in full, of both. It is read off the words of the task, so a column that is called like
 * a stream counts as well.
 */
export function streamReaders(
  streams: readonly string[],
  tasks: readonly Task[],
): ReadonlyMap<string, readonly string[]> {
  const named = tasks.map((task) => ({ name: taskText(task), names: namesIn(task) }))
  return new Map(
    streams.map((stream) => [stream, named.filter(({ names }) => names.has(stream)).map(({ name }) => name)]),
  )
}

/** All that a task may mean, by full names. */
function namesIn(task: Task): ReadonlySet<string> {
  const { database, schema, body, condition, dialect } = task
  const asked = condition === undefined ? [] : streamsIn(condition)
  return new Set(
    [body, ...asked]
      .flatMap((text) => pathsIn(text, dialect))
      .map((path) =>
        [database, schema]
          .slice(0, Math.max(0, 3 - path.length))
          .concat(path)
          .join('.'),
      ),
  )
}

/** Names of one to three parts, folded: `s.id` is a stream of another schema, or a column of the stream `s`. */
function pathsIn(text: string, dialect: Task['dialect']): string[][] {
  const tokens = lex(sourceOf(text), lexicalRules[dialect])
  return tokens.flatMap((token, index): string[][] => {
    if (token.kind !== 'word' && token.kind !== 'quoted') return []
    const before = tokens[index - 1]
    if (before?.kind === 'symbol' && before.text === '.') return []
    const path = [fold({ text: token.text, quoted: token.kind === 'quoted' })]
    const paths = [path.slice()]
    for (let at = index + 1; path.length < 3; at += 2) {
      const [dot, next] = [tokens[at], tokens[at + 1]]
      if (dot?.kind !== 'symbol' || dot.text !== '.') break
      if (next?.kind !== 'word' && next?.kind !== 'quoted') break
      path.push(fold({ text: next.text, quoted: next.kind === 'quoted' }))
      paths.push(path.slice())
    }
    return paths
  })
}
