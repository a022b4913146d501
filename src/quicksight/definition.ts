import type { DashboardVersionDefinition, FilterGroup, GridLayoutElement } from '@aws-sdk/client-quicksight'
import { type Chart, columnOf, countOf, dataSetIdentifier, lastDays, overTime, sumOf, topTen } from './charts.ts'

const sheet = 'traffic'

/** The four charts of the published dashboard, and traffic over time. */
const charts: readonly Chart[] = [
  overTime('traffic-over-time', 'Bytes by hour', { measure: 'bytes', colour: 'action' }),
  topTen('reject-count', 'Reject Count', {
    by: 'srcaddr',
    measure: countOf('reject-count', 'srcaddr'),
    action: 'REJECT',
  }),
  topTen('talkers-by-source', 'Biggest talkers by source', {
    by: 'srcaddr',
    measure: sumOf('talkers-by-source', 'bytes'),
    action: 'ACCEPT',
  }),
  topTen('talkers-by-destination', 'Biggest talkers by destination', {
    by: 'dstaddr',
    measure: sumOf('talkers-by-destination', 'bytes'),
    action: 'ACCEPT',
  }),
  topTen('talkers-by-eni', 'Biggest talkers by ENI', {
    by: 'interface_id',
    measure: sumOf('talkers-by-eni', 'bytes'),
    action: 'ACCEPT',
  }),
]

/** The dashboard of a data set, as QuickSight's API takes it. */
export function definitionOf(dataSetArn: string): DashboardVersionDefinition {
  return {
    DataSetIdentifierDeclarations: [{ Identifier: dataSetIdentifier, DataSetArn: dataSetArn }],
    Sheets: [
      {
        SheetId: sheet,
        Name: 'VPC traffic',
        Visuals: charts.map(({ visual }) => visual),
        Layouts: [{ Configuration: { GridLayout: { Elements: charts.map(placeOf) } } }],
      },
    ],
    FilterGroups: [recentDays(), ofAction('ACCEPT'), ofAction('REJECT')],
  }
}

const wholeWidth = 36

/** The line over the whole width, the bars in pairs below it. */
function placeOf({ id }: Chart, index: number): GridLayoutElement {
  const isFirst = index === 0
  const half = wholeWidth / 2
  return {
    ElementId: id,
    ElementType: 'VISUAL',
    ColumnIndex: isFirst || index % 2 === 1 ? 0 : half,
    ColumnSpan: isFirst ? wholeWidth : half,
    RowIndex: isFirst ? 0 : 10 + Math.floor((index - 1) / 2) * 12,
    RowSpan: isFirst ? 10 : 12,
  }
}

function recentDays(): FilterGroup {
  return groupOf(
    'recent',
    charts.map(({ id }) => id),
    {
      RelativeDatesFilter: {
        FilterId: 'recent-days',
        Column: columnOf('start_time'),
        AnchorDateConfiguration: { AnchorOption: 'NOW' },
        TimeGranularity: 'DAY',
        RelativeDateType: 'LAST',
        RelativeDateValue: lastDays,
        NullOption: 'NON_NULLS_ONLY',
      },
    },
  )
}

function ofAction(action: NonNullable<Chart['action']>): FilterGroup {
  const id = action.toLowerCase()
  const about = charts.filter((chart) => chart.action === action).map((chart) => chart.id)
  return groupOf(id, about, {
    CategoryFilter: {
      FilterId: `${id}-action`,
      Column: columnOf('action'),
      Configuration: { FilterListConfiguration: { MatchOperator: 'CONTAINS', CategoryValues: [action] } },
    },
  })
}

function groupOf(id: string, visuals: string[], filter: NonNullable<FilterGroup['Filters']>[number]): FilterGroup {
  return {
    FilterGroupId: id,
    Filters: [filter],
    ScopeConfiguration: {
      SelectedSheets: {
        SheetVisualScopingConfigurations: [{ SheetId: sheet, Scope: 'SELECTED_VISUALS', VisualIds: visuals }],
      },
    },
    CrossDataset: 'SINGLE_DATASET',
    Status: 'ENABLED',
  }
}
