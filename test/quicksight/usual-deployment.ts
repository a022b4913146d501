import type { Deployment } from '../../src/quicksight/deployment.ts'

/** What tests deploy where they say nothing else. */
export const usual: Deployment = {
  name: 'millrace',
  database: 'logs',
  relation: 'vpc_flow_logs',
  dayColumns: ['partition_day'],
  workgroup: 'millrace',
  owner: 'Admin/jane',
  identityRegion: 'us-east-1',
  importMode: 'DIRECT_QUERY',
}
