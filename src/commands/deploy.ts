import type { Command } from 'commander'
import { registerAthena } from './deploy/athena.ts'
import { registerQuickSight } from './deploy/quicksight.ts'

/** millrace deploy: the same definitions elsewhere. */
export function register(program: Command): void {
  const deploy = program
    .command('deploy')
    .description('Make the same tables, views, named queries and dashboards elsewhere.')
    .addHelpText(
      'after',
      '\nExample:\n  millrace deploy athena --flow-logs s3://my-logs/ --layout flat --results s3://my-results/athena/ --dry-run',
    )
  registerAthena(deploy)
  registerQuickSight(deploy)
}
