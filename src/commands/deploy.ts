import type { Command } from 'commander'
import { registerAthena } from './deploy/athena.ts'
import { registerQuickSight } from './deploy/quicksight.ts'

/** millrace deploy: the same definitions elsewhere. */
export function register(program: Command): void {
  const deploy = program
    .command('deploy')
    .description('Make the same tables, views, named queries and dashboards elsewhere.')
  registerAthena(deploy)
  registerQuickSight(deploy)
}
