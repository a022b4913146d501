import { blankAccessTotals, writeAccessFile } from './access-file.ts'
import { planAccessIncidents } from './access-incidents.ts'
import { createBuckets } from './buckets.ts'
import { incidentBudget, recordsByFile } from './incidents.ts'
import { accessFilePath } from './paths.ts'
import { planFiles } from './plan.ts'
import { Random, itemAt } from './random.ts'
import { createRequesters } from './requesters.ts'
import { spreadBadLines, type Sample } from './sample.ts'
import type { Settings } from './settings.ts'

/** Plans the files of up to 12 buckets, as far as there are files. */
export function planAccessSample(settings: Settings): Sample {
  const { seed, rows, files, span, accounts, regions, hardLines } = settings
  const layout = settings.layout === 'flat' ? 'flat' : 'aws'
  const buckets = createBuckets(seed, files, accounts, regions)
  const requesters = createRequesters(seed, accounts, regions)
  const budget = settings.incidents ? incidentBudget(rows, files) : 0
  const planned = planAccessIncidents(buckets, { random: new Random(seed, `incidents ${span.to}`), span, rows, budget })
  const plantedRows = planned.reduce((sum, { records }) => sum + records.length, 0)
  const plans = planFiles({
    span,
    files,
    rows: rows - plantedRows,
    sourceWeights: buckets.map((_, index) => 1 / (index + 1.5)),
    partitionSeconds: 86_400,
  })
  const plantedByFile = recordsByFile(planned, plans, (record) => record.time)
  const badLines = spreadBadLines(
    plans.map((plan) => plan.rows + (plantedByFile.get(plan.index)?.length ?? 0)),
    settings.badLines,
  )
  const totals = blankAccessTotals()
  return {
    count: files,
    incidents: planned.map(({ incident }) => incident),
    totals,
    file(index) {
      const plan = itemAt(plans, index)
      const bucket = itemAt(buckets, plan.source)
      const random = new Random(seed, `file ${span.to}`, index)
      const { account, region } = bucket
      const unique = random.chars('0123456789ABCDEF', 16)
      const extension = settings.format === 'gzip' ? '.gz' : ''
      const name = { layout, account, region, bucket: bucket.name, time: plan.to, unique, extension } as const
      const planted = plantedByFile.get(index) ?? []
      const file = { ...plan, bucket, requesters, random, planted, badLines: badLines[index] ?? 0, hardLines }
      return {
        path: accessFilePath(name),
        fields: [],
        chunks: (out, counts) => writeAccessFile(file, out, counts, totals),
      }
    },
  }
}
