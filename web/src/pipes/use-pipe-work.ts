import { useWork, type Work } from '../actions/use-work.ts'
import { act, type PipeAction, type PipeLoad } from './api.ts'

export type PipeWork = Work<PipeAction, PipeLoad | undefined>

/** Has a pipe do one thing after the other. */
export function usePipeWork(name: string): PipeWork {
  return useWork(
    (action: PipeAction, signal) => act(name, action, signal),
    [['pipes'], ['parked', name], ['version'], ['history']],
  )
}
