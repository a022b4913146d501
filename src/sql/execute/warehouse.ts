import { changedOptions, objectKind } from '../execution/object-kind.ts'
import { outcomeOf } from '../execution/plan.ts'

const oneEngine = 'Sizes and clusters change nothing: a lake has one engine, which takes what its settings allow.'

const sizes: Readonly<Record<string, string>> = {
  XSMALL: 'X-Small',
  SMALL: 'Small',
  MEDIUM: 'Medium',
  LARGE: 'Large',
  XLARGE: 'X-Large',
  XXLARGE: '2X-Large',
  XXXLARGE: '3X-Large',
  X4LARGE: '4X-Large',
  X5LARGE: '5X-Large',
  X6LARGE: '6X-Large',
}

/** Snowflake's manual, WAREHOUSE: taken and shown, so that scripts run as they are. */
export const warehouse = objectKind({
  type: 'WAREHOUSE',
  title: 'Warehouse',
  level: 'account',
  creates: 'create-warehouse',
  alters: 'alter-warehouse',
  alter: (definition, { change }) => {
    if (change.action === 'suspend' || change.action === 'resume' || change.action === 'abort-all-queries')
      return { definition, status: 'Statement executed successfully. The one engine of the lake goes on as before.' }
    return { definition: { ...definition, options: changedOptions(definition.options, change) } }
  },
  describe: (_definition, { name, createdAt }) =>
    outcomeOf(['created_on TIMESTAMP', 'name', 'kind'], [[createdAt, name, 'WAREHOUSE']]),
  columns: [
    'name',
    'state',
    'type',
    'size',
    'min_cluster_count BIGINT',
    'max_cluster_count BIGINT',
    'is_default',
    'is_current',
    'auto_suspend BIGINT',
    'auto_resume',
    'created_on TIMESTAMP',
    'owner',
    'comment',
    'enable_query_acceleration',
    'query_acceleration_max_scale_factor BIGINT',
    'resource_monitor',
    'scaling_policy',
    'note',
  ],
  row: ({ options }, { name, createdAt }, { session }) => [
    name,
    'STARTED',
    options.warehouseType ?? 'STANDARD',
    sizes[options.warehouseSize ?? 'XSMALL'] ?? null,
    options.minClusterCount ?? 1,
    options.maxClusterCount ?? 1,
    'N',
    session.warehouse === name ? 'Y' : 'N',
    options.autoSuspend === undefined ? 600 : options.autoSuspend,
    String(options.autoResume ?? true),
    createdAt,
    null,
    options.comment ?? null,
    String(options.enableQueryAcceleration ?? false),
    options.queryAccelerationMaxScaleFactor ?? 8,
    options.resourceMonitor?.map(({ text }) => text).join('.') ?? null,
    options.scalingPolicy ?? 'STANDARD',
    oneEngine,
  ],
  inUse: (key, { session }) => ({ ...session, warehouse: key.name }),
})
