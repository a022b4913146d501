import type { LoadProgress } from '../../api.ts'
import type { GlobalFlags } from './flags.ts'

/** A line on the terminal that shows how far something has come. */
export interface Progress {
  /** Shows a share done, 0 to 1, and what it is of. */
  show(share: number, text: string): void
  /** Takes the line away. */
  end(): void
}

const nothing: Progress = { show: () => {}, end: () => {} }

const whole = new Intl.NumberFormat('en')

/** Opens a progress line on standard error; without a terminal there, or with --quiet, nothing is shown. */
export async function openProgress(flags: GlobalFlags): Promise<Progress> {
  if (!process.stderr.isTTY || flags.quiet === true) return nothing
  const { Presets, SingleBar } = await import('cli-progress')
  const bar = new SingleBar(
    {
      format: ' {bar} {percentage}%  {text}',
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      barsize: 24,
      fps: 8,
    },
    Presets.shades_classic,
  )
  bar.start(1, 0, { text: 'looking' })
  return {
    show: (share, text) => {
      bar.update(share, { text })
    },
    end: () => {
      bar.stop()
    },
  }
}

function minutesLeft(seconds: number): string {
  if (!Number.isFinite(seconds)) return ''
  const rounded = Math.round(seconds)
  return `, ${Math.floor(rounded / 60)}:${String(rounded % 60).padStart(2, '0')} left`
}

/** A load's progress in words: files, rows, megabytes a second, time left. */
export function loadText({ files, filesTotal, rows, bytes, bytesTotal, seconds }: LoadProgress): string {
  const speed = bytes / Math.max(seconds, 0.001)
  return `${whole.format(files)} of ${whole.format(filesTotal)} files, ${whole.format(rows)} rows, ${(speed / 1e6).toFixed(1)} MB/s${minutesLeft((bytesTotal - bytes) / speed)}`
}

/** How far a load has come, 0 to 1. */
export function loadShare({ bytes, bytesTotal }: LoadProgress): number {
  return bytesTotal === 0 ? 0 : Math.min(1, bytes / bytesTotal)
}
