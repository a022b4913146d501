import type { Lake } from '../../api.ts'
import { connectLake } from '../../connect.ts'
import type { GlobalFlags } from './flags.ts'

/** Runs something on the lake that the flags name, and closes it after. */
export async function onLake<Result>(
  flags: GlobalFlags,
  create: boolean,
  run: (lake: Lake) => Promise<Result>,
): Promise<Result> {
  const lake = await connectLake(flags.lake, { create })
  try {
    return await run(lake)
  } finally {
    await lake.close()
  }
}
