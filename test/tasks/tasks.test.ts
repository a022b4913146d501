import { expect, test } from 'vitest'
import { ran } from '../run/running.ts'
import { prepared, rowsOf, sourceAndSink, started } from './lakes.ts'

const moving = `${sourceAndSink}
  create or replace task move schedule = '10 minute' when system$stream_has_data('changes')
    as insert into sink select id from changes;
  alter task move resume;`

test('a task moves what came into a table, once', async () => {
  const { lake, clock } = await prepared(moving)
  await ran(lake, 'alter task move suspend; alter task move resume')
  await started(lake)
  await ran(lake, 'insert into source values (1), (2)')
  await clock.pass(3 * 600)
  await ran(lake, 'insert into source values (3)')
  await clock.pass(600)
  await clock.settled(1)
  expect(await rowsOf(lake, 'select * from sink order by id')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
})
