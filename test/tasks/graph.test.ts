import { describe, expect, test } from 'vitest'
import { type GraphTask, type Standing, graphOf, nextStanding, rootsOf, whyNoGraph } from '../../src/tasks/graph.ts'

/** Tasks from texts such as `b < a`, `d < b c` or `end of a`. */
function tasksOf(...texts: string[]): Map<string, GraphTask> {
  const tasks = texts.map((text): GraphTask => {
    const [name = '', before = ''] = text.split(' < ')
    const [, finalizer, root] = /^(\w+) of (\w+)$/.exec(text) ?? []
    return finalizer === undefined
      ? { name, after: before.split(' ').filter((one) => one !== ''), finalizes: undefined }
      : { name: finalizer, after: [], finalizes: root }
  })
  return new Map(tasks.map((task) => [task.name, task]))
}

const diamond = ['a', 'b < a', 'c < a', 'd < b c', 'last of a', 'other', 'e < other']

test('a graph is what runs because of its root, each task behind those that it runs after', () => {
  const tasks = tasksOf('d < b c', 'c < b', ...diamond.filter((text) => !/^[cd]/.test(text)))
  const root = tasks.get('a')
  const { children, finalizer } = graphOf(root ?? { name: '', after: [], finalizes: undefined }, tasks.values())
  expect(children.map(({ name }) => name)).toEqual(['b', 'c', 'd'])
  expect(finalizer?.name).toBe('last')
  expect(rootsOf('d', tasks)).toEqual(['a'])
  expect(rootsOf('last', tasks)).toEqual(['a'])
})

describe('what cannot be a graph', () => {
  test.each([
    [['a < c', 'b < a', 'c < b'], 'a', 'a would run after itself'],
    [['a < a'], 'a', 'a would run after itself'],
    [['a', 'b', 'c < a b'], 'c', 'c would belong to two graphs'],
    [['a', 'b < a', 'last of b'], 'last', 'b is not the root of a graph'],
    [['a', 'last of a', 'more of a'], 'more', 'a has a finalizer already, last'],
    [['a', 'last of a', 'b < last'], 'b', 'last is a finalizer'],
    [[...Array.from({ length: 101 }, (_, index) => `c${index} < a`), 'a'], 'c100', '101 tasks would run after a'],
    [
      ['a', ...Array.from({ length: 1000 }, (_, index) => `c${index} < ${index === 0 ? 'a' : `c${index - 1}`}`)],
      'c999',
      'would have 1001 tasks',
    ],
  ])('%#', (texts, name, message) => {
    expect(whyNoGraph(name, tasksOf(...texts))).toContain(message)
  })

  test('others can', () => {
    for (const name of ['a', 'b', 'd', 'last', 'e']) expect(whyNoGraph(name, tasksOf(...diamond))).toBeUndefined()
  })
})

test.each([
  [['SUCCEEDED', 'SUCCEEDED'], true, 'RUN'],
  [['SUCCEEDED', 'PASSED'], true, 'RUN'],
  [['PASSED', 'PASSED'], true, 'PASSED'],
  [['SUCCEEDED', 'FAILED'], true, 'STOPPED'],
  [['SUCCEEDED', 'SKIPPED'], true, 'STOPPED'],
  [['SUCCEEDED', 'STOPPED'], true, 'STOPPED'],
  [['SUCCEEDED', 'SUCCEEDED'], false, 'PASSED'],
] as const)('behind %j a task is to be, resumed %s: %s', ([b, c], isResumed, standing) => {
  const decided = new Map<string, Standing>([
    ['b', b],
    ['c', c],
  ])
  expect(nextStanding({ name: 'd', after: ['b', 'c'], finalizes: undefined, isResumed }, decided)).toBe(standing)
})
