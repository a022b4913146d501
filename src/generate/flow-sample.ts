import { chooseFields } from './flow-fields.ts'
import { blankFlowTotals, writeFlowFile } from './flow-file.ts'
import { planFlowIncidents } from './flow-incidents.ts'
import { incidentBudget, recordsByFile } from './incidents.ts'
import { createNetwork, type Network } from './network.ts'
import { createOutside } from './outside.ts'
import { flowFilePath } from './paths.ts'
import { planFiles } from './plan.ts'
import { Random, itemAt } from './random.ts'
import { spreadBadLines, type Sample } from './sample.ts'
import type { Settings } from './settings.ts'

const extensions = { gzip: '.log.gz', plain: '.log', parquet: '.log.parquet' }

/** Plans the files of one flow log for each account and region, as far as there are files. */
export function planFlowSample(settings: Settings): Sample {
  const { seed, rows, files, span, layout } = settings
  const fields = chooseFields(settings.fields)
  const networks = createNetworks(settings)
  const outside = createOutside(new Random(seed, 'outside'))
  const budget = settings.incidents ? incidentBudget(rows, files) : 0
  const planned = planFlowIncidents(networks, { random: new Random(seed, `incidents ${span.to}`), span, rows, budget })
  const plantedRows = planned.reduce((sum, { records }) => sum + records.length, 0)
  const plans = planFiles({
    span,
    files,
    rows: rows - plantedRows,
    sourceWeights: networks.map((_, index) => 1 / (index + 1.5)),
    partitionSeconds: layout === 'hourly' ? 3600 : 86_400,
  })
  const plantedByFile = recordsByFile(planned, plans, (record) => record.end)
  const badLines = spreadBadLines(
    plans.map((plan) => plan.rows + (plantedByFile.get(plan.index)?.length ?? 0)),
    settings.badLines,
  )
  const totals = blankFlowTotals()
  return {
    count: files,
    incidents: planned.map(({ incident }) => incident),
    totals,
    file(index) {
      const plan = itemAt(plans, index)
      const network = itemAt(networks, plan.source)
      const { account, region, flowLogId } = network
      const random = new Random(seed, `file ${span.to}`, index)
      const name = {
        layout,
        account,
        region,
        flowLogId,
        time: plan.from,
        unique: random.hex(8),
        extension: extensions[settings.format],
      }
      const ownFields = settings.shuffleFields ? random.shuffle(fields) : fields
      const planted = plantedByFile.get(index) ?? []
      const file = { ...plan, network, outside, fields: ownFields, random, planted, badLines: badLines[index] ?? 0 }
      return {
        path: flowFilePath(name),
        fields: ownFields,
        chunks: (out, counts) => writeFlowFile(file, out, counts, totals),
      }
    },
  }
}

function createNetworks({ seed, files, accounts, regions }: Settings): Network[] {
  const places = accounts.flatMap((account) => regions.map((region) => ({ account, region })))
  return places.slice(0, files).map(({ account, region }, index) => createNetwork(seed, account, region, index))
}
