import type { ReactNode } from 'react'

const lines = {
  stage: 'M2.5 4.2 3.8 13.5h8.4l1.3-9.3M2.5 4.2c0-1 2.4-1.7 5.5-1.7s5.5.7 5.5 1.7S11.1 5.9 8 5.9 2.5 5.2 2.5 4.2z',
  folder: 'M1.8 12.8V3.2h4.4l1.6 2h6.4v7.6z',
  queue: 'M2 3.5h12v9H2zM2 4l6 4.6L14 4',
  listing: 'M2.6 4h.01M2.6 8h.01M2.6 12h.01M5.6 4h7.8M5.6 8h7.8M5.6 12h7.8',
  refresh: 'M13 8a5 5 0 1 1-1.5-3.6M13.2 2v3h-3',
  pipe: 'M1.5 5.7h13M1.5 10.3h13M4.2 3.5v9M11.8 3.5v9',
  table: 'M2 3h12v10H2zM2 6.4h12M6.4 6.4V13',
  stream: 'M1.5 5.5c2.2-2.4 4.3 2.4 6.5 0s4.3-2.4 6.5 0M1.5 10.5c2.2-2.4 4.3 2.4 6.5 0s4.3-2.4 6.5 0',
  task: 'M2.5 2.5h11v11h-11zM6.4 5.4v5.2L10.6 8z',
  run: 'M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0zM5.6 8.2l1.7 1.7 3.2-3.6',
  after: 'M3 2.5v6h9M9 5.4l3.2 3.1L9 11.6',
} as const

const areas = {
  running: 'M3.5 2 14 8 3.5 14z',
  paused: 'M3 2.5h3.6v11H3zM9.4 2.5H13v11H9.4z',
  stopped: 'M2.8 2.8h10.4v10.4H2.8z',
  stalled: 'M8 1.2 15.4 14.6H.6zM7.1 5.8v4.4h1.8V5.8zM7.1 11.4v1.7h1.8v-1.7z',
  broken:
    'M5 1h6l4 4v6l-4 4H5l-4-4V5zM5.7 4.5 4.5 5.7 6.8 8l-2.3 2.3 1.2 1.2L8 9.2l2.3 2.3 1.2-1.2L9.2 8l2.3-2.3-1.2-1.2L8 6.8z',
  good: 'M6.3 13.4 1.6 8.7l1.5-1.5 3.2 3.2 6.6-6.8 1.5 1.5z',
} as const

/** A drawing of this page and of that of tasks, beside a word that says the same. */
export function Shape({ name }: { readonly name: keyof typeof lines | keyof typeof areas }): ReactNode {
  const isArea = name in areas
  return (
    <svg className={isArea ? 'icon area' : 'icon'} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={{ ...lines, ...areas }[name]} strokeWidth={isArea ? 0 : 1.4} fillRule="evenodd" />
    </svg>
  )
}
