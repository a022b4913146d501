/** Colours of charts: a canvas reads no CSS. */
export interface Palette {
  readonly text: string
  readonly soft: string
  readonly line: string
  readonly surface: string
  readonly accent: string
  readonly series: readonly string[]
  /** From nothing to most. */
  readonly heat: readonly string[]
  readonly good: string
  readonly bad: string
  readonly warn: string
}

const light: Palette = {
  text: '#16262b',
  soft: '#52666c',
  line: '#e2e9ea',
  surface: '#ffffff',
  accent: '#0b7285',
  series: ['#0b7285', '#e08a1e', '#6a58b8', '#3f8f5b', '#c24d6b', '#4a7fc1', '#9a7b2d', '#7c8b90'],
  heat: ['#eef5f6', '#b9dde3', '#6fb9c6', '#2a8fa2', '#0b5f70', '#063f4b'],
  good: '#0b7285',
  bad: '#c8423a',
  warn: '#d98a1c',
}

const dark: Palette = {
  text: '#e3ecee',
  soft: '#9cb0b5',
  line: '#26363b',
  surface: '#141f22',
  accent: '#3fb7cd',
  series: ['#3fb7cd', '#f0a64a', '#a796ec', '#6cc48a', '#ee86a0', '#7fb0ee', '#d0b45f', '#94a5aa'],
  heat: ['#1a282c', '#15464f', '#167080', '#2b9db2', '#6cc9d9', '#c6f1f8'],
  good: '#3fb7cd',
  bad: '#ff7f75',
  warn: '#f0a64a',
}

export function paletteOf(isDark: boolean): Palette {
  return isDark ? dark : light
}

/** The colour of a series: what is known as good or bad looks so everywhere. */
export function seriesColour(name: string, index: number, palette: Palette): string {
  if (/^(accept|2xx|loaded|ok)$/i.test(name)) return palette.good
  if (/^(reject|5xx|failed)$/i.test(name)) return palette.bad
  if (/^(4xx|partial|changed)$/i.test(name)) return palette.warn
  if (name === '3xx') return palette.series[2] ?? palette.accent
  return palette.series[index % palette.series.length] ?? palette.accent
}
