import type { BarChartVisual, ColumnIdentifier, DimensionField, MeasureField, Visual } from '@aws-sdk/client-quicksight'

/** What the dashboard shows. */
export const lastDays = 30

/** How the definition of a dashboard calls its data set. */
export const dataSetIdentifier = 'flows'

/** The columns of the data set. */
export type FlowColumn =
  | 'start_time'
  | 'interface_id'
  | 'srcaddr'
  | 'dstaddr'
  | 'dstport'
  | 'protocol'
  | 'packets'
  | 'bytes'
  | 'action'

export function columnOf(name: FlowColumn): ColumnIdentifier {
  return { DataSetIdentifier: dataSetIdentifier, ColumnName: name }
}

/** What a chart shows. Ids are unique in the dashboard, and those of fields in their chart. */
export interface Chart {
  readonly id: string
  readonly title: string
  /** The records that it is about; all without it. */
  readonly action?: 'ACCEPT' | 'REJECT'
  readonly visual: Visual
}

function titleOf(text: string): BarChartVisual['Title'] {
  return { Visibility: 'VISIBLE', FormatText: { PlainText: text } }
}

/** The ten that have most of something, the largest first, as horizontal bars. */
export function topTen(
  id: string,
  title: string,
  {
    by,
    measure,
    action,
  }: { readonly by: FlowColumn; readonly measure: MeasureField; readonly action?: Chart['action'] },
): Chart {
  const category: DimensionField = { CategoricalDimensionField: { FieldId: `${id}-by`, Column: columnOf(by) } }
  const measured = measure.NumericalMeasureField?.FieldId ?? measure.CategoricalMeasureField?.FieldId ?? `${id}-measure`
  const visual: Visual = {
    BarChartVisual: {
      VisualId: id,
      Title: titleOf(title),
      ChartConfiguration: {
        Orientation: 'HORIZONTAL',
        FieldWells: { BarChartAggregatedFieldWells: { Category: [category], Values: [measure] } },
        SortConfiguration: {
          CategorySort: [{ FieldSort: { FieldId: measured, Direction: 'DESC' } }],
          CategoryItemsLimit: { ItemsLimit: 10, OtherCategories: 'EXCLUDE' },
        },
      },
    },
  }
  return { id, title, visual, ...(action === undefined ? {} : { action }) }
}

/** A sum by hours, a line for each value of a column. */
export function overTime(
  id: string,
  title: string,
  { measure, colour }: { readonly measure: FlowColumn; readonly colour: FlowColumn },
): Chart {
  const visual: Visual = {
    LineChartVisual: {
      VisualId: id,
      Title: titleOf(title),
      ChartConfiguration: {
        Type: 'LINE',
        FieldWells: {
          LineChartAggregatedFieldWells: {
            Category: [
              {
                DateDimensionField: {
                  FieldId: `${id}-hour`,
                  Column: columnOf('start_time'),
                  DateGranularity: 'HOUR',
                },
              },
            ],
            Values: [sumOf(id, measure)],
            Colors: [{ CategoricalDimensionField: { FieldId: `${id}-colour`, Column: columnOf(colour) } }],
          },
        },
      },
    },
  }
  return { id, title, visual }
}

export function sumOf(chart: string, column: FlowColumn): MeasureField {
  return {
    NumericalMeasureField: {
      FieldId: `${chart}-sum`,
      Column: columnOf(column),
      AggregationFunction: { SimpleNumericalAggregation: 'SUM' },
    },
  }
}

export function countOf(chart: string, column: FlowColumn): MeasureField {
  return {
    CategoricalMeasureField: { FieldId: `${chart}-count`, Column: columnOf(column), AggregationFunction: 'COUNT' },
  }
}
