import { type Command, Option } from 'commander'
import type { Account } from '../../aws-setup/account.ts'
import type { Deployment } from '../../quicksight/deployment.ts'
import { MillraceError } from '../../errors.ts'
import { type GlobalFlags, globalFlags } from '../terminal/flags.ts'

interface QuickSightFlags {
  readonly name: string
  readonly database: string
  readonly relation: string
  readonly workgroup: string
  readonly layout: 'aws' | 'hive' | 'flat'
  readonly dayColumn?: string | false
  readonly owner?: string
  readonly identityRegion?: string
  readonly importMode: 'direct' | 'spice'
  readonly region?: string
  readonly profile?: string
  readonly dryRun?: true
  readonly destroy?: true
  readonly yes?: true
}

/** millrace deploy quicksight: the dashboard of VPC traffic, over what was deployed to Athena. */
export function registerQuickSight(deploy: Command): void {
  deploy
    .command('quicksight')
    .description(
      'Make a dashboard of VPC traffic in QuickSight, over what "deploy athena" has made: a data source, a data set and the dashboard, with rejected sources, the biggest talkers by source, destination and interface, and traffic over time. What is there is read first; only what differs is sent.',
    )
    .option('--name <name>', 'what data source, data set and dashboard are called', 'millrace')
    .option('--database <name>', 'database on Athena', 'millrace')
    .option('--relation <name>', 'table or view with the columns of vpc_flow_logs', 'vpc_flow_logs')
    .option('--workgroup <name>', 'workgroup that asks', 'millrace')
    .addOption(
      new Option('--layout <name>', 'how objects lie, as it was said to "deploy athena"')
        .choices(['aws', 'hive', 'flat'])
        .default('aws'),
    )
    .option('--day-column <name>', 'column of a relation of your own with the day of the partition, as yyyy/MM/dd')
    .option('--no-day-column', 'the relation has no such column: every question then scans all of it')
    .option('--owner <user>', "user of QuickSight who owns it, such as Admin/jane; without one it is the API's alone")
    .option('--identity-region <region>', "where QuickSight's users are kept (default: the region)")
    .addOption(
      new Option('--import-mode <mode>', 'ask Athena at each look, or keep a copy in QuickSight')
        .choices(['direct', 'spice'])
        .default('direct'),
    )
    .option('--region <region>', 'where (default: AWS_REGION, or that of the profile)')
    .option('--profile <name>', 'profile to ask as')
    .option('--dry-run', 'print what is there and the steps, and do none of them')
    .option('--destroy', 'take away what was made')
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  millrace deploy quicksight --owner Admin/jane --dry-run')
    .action(async (flags: QuickSightFlags, command: Command) => {
      await deployQuickSight(flags, globalFlags(command))
    })
}

async function deployQuickSight(flags: QuickSightFlags, global: GlobalFlags): Promise<void> {
  const deployment = deploymentOf(flags)
  const { openCallers } = await import('../../aws-setup/account.ts')
  const { quickSightAssets } = await import('../../quicksight/assets.ts')
  const identities = [flags.profile === undefined ? {} : { profile: flags.profile }]
  const opened = await openCallers({ environment: process.env, identities, region: flags.region }, async (callers) =>
    callers.map((caller) => ({ ...caller, resources: quickSightAssets(caller.place, deployment) })),
  )
  try {
    await (flags.destroy === true ? takeAway : make)(opened.accounts, deployment.name, flags, global)
  } finally {
    await opened.close()
  }
}

async function make(
  accounts: readonly Account[],
  name: string,
  { dryRun, yes }: QuickSightFlags,
  global: GlobalFlags,
): Promise<void> {
  const { planAccount } = await import('../../aws-setup/plan.ts')
  const { applyPlans, showPlans } = await import('../aws/apply-plans.ts')
  const plans = await Promise.all(accounts.map(planAccount))
  if (dryRun === true) await showPlans(name, plans, global)
  else await applyPlans(name, plans, { ...global, isAgreed: yes === true })
}

async function takeAway(
  accounts: readonly Account[],
  name: string,
  { dryRun, yes }: QuickSightFlags,
  global: GlobalFlags,
): Promise<void> {
  const { planRemovals } = await import('../../aws-setup/removal.ts')
  const { removePlans, writeRemovals } = await import('../aws/remove-plans.ts')
  const options = { deleteData: undefined }
  const plans = await planRemovals(accounts, options)
  if (dryRun === true) await writeRemovals(name, plans, global)
  else await removePlans(name, plans, options, { ...global, isAgreed: yes === true })
}

/** What the view has that "deploy athena" makes. */
const dayColumnsOf = {
  aws: ['partition_day'],
  hive: ['partition_year', 'partition_month', 'partition_day'],
  flat: [],
} as const satisfies Record<QuickSightFlags['layout'], readonly string[]>

function deploymentOf(flags: QuickSightFlags): Deployment {
  const { name, database, relation, workgroup, layout, dayColumn, owner, identityRegion, importMode } = flags
  if (!/^[\w-]{1,100}$/.test(name))
    throw new MillraceError('USAGE', `--name ${name} is no id of QuickSight's. Take letters, digits, - and _.`)
  return {
    name,
    database,
    relation,
    workgroup,
    dayColumns: dayColumn === undefined ? dayColumnsOf[layout] : dayColumn === false ? [] : [dayColumn],
    owner,
    identityRegion,
    importMode: importMode === 'spice' ? 'SPICE' : 'DIRECT_QUERY',
  }
}
