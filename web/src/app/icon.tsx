import type { ReactNode } from 'react'

const paths = {
  close: 'M4 4l8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  edit: 'M3 13l.6-2.8L10.5 3.3a1.2 1.2 0 0 1 1.7 0l.5.5a1.2 1.2 0 0 1 0 1.7L5.8 12.4z',
  check: 'M3 8.5l3.2 3L13 4.5',
  move: 'M6 3.5h.01M10 3.5h.01M6 8h.01M10 8h.01M6 12.5h.01M10 12.5h.01',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M12.6 3.4l-.7.7M4.1 11.9l-.7.7',
  moon: 'M13 9.4A5.5 5.5 0 0 1 6.6 3 5.5 5.5 0 1 0 13 9.4z',
  system: 'M2.5 3.5h11v7h-11zM6 13.5h4',
  clock: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3.2l2 1.3',
  filter: 'M2.5 4h11M4.5 8h7M6.5 12h3',
  play: 'M5 3.5v9l7-4.5z',
  stop: 'M4.5 4.5h7v7h-7z',
  pin: 'M9.8 2.5l3.7 3.7-1.5.5-2.5 2.5-.4 2.7-5-5 2.7-.4 2.5-2.5zM6.3 9.7L3 13',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
} as const

/** A small drawing beside or instead of text. */
export function Icon({ name }: { readonly name: keyof typeof paths }): ReactNode {
  const isDots = name === 'more' || name === 'move'
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} strokeWidth={isDots ? 2.2 : 1.5} />
    </svg>
  )
}
