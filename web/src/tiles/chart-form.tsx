import { type ReactNode, useId } from 'react'
import type { ChartSettings } from '../../../src/dashboard/shape.ts'
import { chartTypes } from '../../../src/named-queries/named-query.ts'
import type { Result } from '../api/query.ts'
import { type Translate, useText } from '../app/choices.tsx'
import { typeName } from '../charts/chart.tsx'
import { chartColumns, isNumeric } from '../charts/columns.ts'

interface ChartFormProps {
  readonly result: Pick<Result, 'columns'>
  readonly settings: ChartSettings
  readonly onChange: (settings: ChartSettings) => void
}

/** Chooses how a result is drawn. Only what a chart type has is asked for. */
export function ChartForm({ result, settings, onChange }: ChartFormProps): ReactNode {
  const text = useText()
  const { type } = settings
  const columns = chartColumns(result, settings)
  const names = result.columns.map((column) => column.name)
  const numbers = result.columns.filter((column) => isNumeric(column.type)).map((column) => column.name)
  const isBar = type === 'bar' || type === 'column'
  const hasAxis = type !== 'number' && type !== 'table'
  const hasSeries = ['line', 'area', 'stacked', 'column', 'sankey'].includes(type)
  const set = (change: Partial<ChartSettings>): void => {
    onChange(clean({ ...settings, ...change }))
  }
  return (
    <fieldset className="chart-form">
      <legend>{text('chart')}</legend>
      <Choice
        label={text('chartType')}
        value={type}
        options={chartTypes.map((known) => [known, typeName(known, text)])}
        onChange={(value) => {
          set({ type: chartTypes.find((known) => known === value) ?? 'table' })
        }}
      />
      {type !== 'table' && (
        <Choice
          label={text(isBar ? 'measureBar' : 'measure')}
          value={names[columns.measure] ?? ''}
          options={numbers.map((name) => [name, name])}
          onChange={(measure) => {
            set({ measure })
          }}
        />
      )}
      {hasAxis && (
        <Choice
          label={text(axisKey(settings))}
          value={names[columns.axis] ?? ''}
          options={names.map((name) => [name, name])}
          onChange={(axis) => {
            set({ axis })
          }}
        />
      )}
      {hasSeries && (
        <Choice
          label={text(type === 'sankey' ? 'sankeyTo' : 'series')}
          value={settings.series ?? ''}
          options={[['', text('noSeries')], ...names.map((name): [string, string] => [name, name])]}
          onChange={(series) => {
            set({ series: series === '' ? undefined : series })
          }}
        />
      )}
      {type === 'bar' && (
        <Choice
          label={text('orientation')}
          value={settings.orientation ?? 'horizontal'}
          options={[
            ['horizontal', text('horizontal')],
            ['vertical', text('vertical')],
          ]}
          onChange={(value) => {
            set({ orientation: value === 'vertical' ? 'vertical' : 'horizontal' })
          }}
        />
      )}
      {(isBar || type === 'pie') && <OrderChoices settings={settings} set={set} text={text} />}
      {hasAxis && !['line', 'area', 'stacked', 'heatmap'].includes(type) && (
        <label>
          {text('limit')}
          <input
            type="number"
            min={1}
            max={1000}
            value={settings.limit ?? ''}
            onChange={(event) => {
              const limit = Math.trunc(event.target.valueAsNumber)
              set({ limit: limit >= 1 && limit <= 1000 ? limit : undefined })
            }}
          />
        </label>
      )}
      {type !== 'table' && (
        <Choice
          label={text('unit')}
          value={settings.unit ?? ''}
          options={[
            ['', text('unitNone')],
            ['count', text('unitCount')],
            ['bytes', text('unitBytes')],
            ['milliseconds', text('unitMilliseconds')],
            ['seconds', text('unitSeconds')],
          ]}
          onChange={(value) => {
            set({ unit: (['count', 'bytes', 'milliseconds', 'seconds'] as const).find((unit) => unit === value) })
          }}
        />
      )}
    </fieldset>
  )
}

function axisKey({ type, orientation }: ChartSettings): 'axisX' | 'axisY' | 'slices' | 'timeColumn' | 'sankeyFrom' {
  if (type === 'pie') return 'slices'
  if (type === 'heatmap') return 'timeColumn'
  if (type === 'sankey') return 'sankeyFrom'
  return type === 'bar' && orientation !== 'vertical' ? 'axisY' : 'axisX'
}

/** Without what is undefined: a dashboard's file has no empty settings. */
function clean(settings: Partial<ChartSettings> & Pick<ChartSettings, 'type'>): ChartSettings {
  const kept = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
  return { ...kept, type: settings.type }
}

interface OrderChoicesProps {
  readonly settings: ChartSettings
  readonly set: (change: Partial<ChartSettings>) => void
  readonly text: Translate
}

function OrderChoices({ settings, set, text }: OrderChoicesProps): ReactNode {
  return (
    <>
      <Choice
        label={text('barOrder')}
        value={settings.order ?? 'size'}
        options={[
          ['size', text('bySize')],
          ['name', text('byName')],
          ['none', text('asQueried')],
        ]}
        onChange={(value) => {
          set({ order: (['size', 'name', 'none'] as const).find((order) => order === value) })
        }}
      />
      {settings.order !== 'none' && (
        <Choice
          label={text('direction')}
          value={settings.direction ?? 'descending'}
          options={[
            ['descending', text('descending')],
            ['ascending', text('ascending')],
          ]}
          onChange={(value) => {
            set({ direction: value === 'ascending' ? 'ascending' : 'descending' })
          }}
        />
      )}
    </>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, name: string])[]
  readonly onChange: (value: string) => void
}

function Choice({ label, value, options, onChange }: ChoiceProps): ReactNode {
  const id = useId()
  return (
    <label htmlFor={id}>
      {label}
      <select
        id={id}
        value={value}
        onChange={(event) => {
          onChange(event.target.value)
        }}
      >
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
