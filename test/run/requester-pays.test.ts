import { expect, test } from 'vitest'
import { cloudOf } from './clouds.ts'
import { failureOf, lastRows, namesOf, propertiesOf, ran } from './running.ts'

test('a stage can say that the caller pays', async () => {
  const { lake, bucket } = await cloudOf(['logs/a.gz'])
  bucket.requesterPays = true
  await ran(lake, "create stage s url = 's3://logs/logs/'")
  expect(await failureOf(lake, 'list @s')).toMatchObject({ code: 'ACCESS_DENIED' })

  expect(await propertiesOf(lake, 'alter stage s set requester_pays = true; desc stage s')).toMatchObject({
    REQUESTER_PAYS: 'true',
  })
  expect(await namesOf(lake, 'list @s')).toEqual(['s3://logs/logs/a.gz'])
  const large = 'copy into @s from (select 1 as x) single = true file_format = (compression = none)'
  await ran(lake, large, { dialect: 'duckdb' })
  expect(bucket.keysHeld()).toEqual(['logs/a.gz', 'logs/data'])
  expect(await lastRows(lake, 'remove @s')).toHaveLength(2)
  expect(bucket.keysHeld()).toEqual([])
})
