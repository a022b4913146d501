import type {
  CreateLogGroupCommandInput,
  DeleteLogGroupCommandInput,
  DeleteRetentionPolicyCommandInput,
  PutRetentionPolicyCommandInput,
} from '@aws-sdk/client-cloudwatch-logs'
import type { CreateFlowLogsCommandInput, DeleteFlowLogsCommandInput } from '@aws-sdk/client-ec2'
import type {
  DeleteRuleCommandInput,
  PutRuleCommandInput,
  PutTargetsCommandInput,
  RemoveTargetsCommandInput,
} from '@aws-sdk/client-eventbridge'
import type {
  CreateRoleCommandInput,
  DeleteRoleCommandInput,
  DeleteRolePolicyCommandInput,
  PutRolePolicyCommandInput,
  UpdateAssumeRolePolicyCommandInput,
} from '@aws-sdk/client-iam'
import type {
  CreateDashboardCommandInput,
  CreateDataSetCommandInput,
  CreateDataSourceCommandInput,
  DeleteDashboardCommandInput,
  DeleteDataSetCommandInput,
  DeleteDataSourceCommandInput,
  TagResourceCommandInput,
  UpdateDashboardCommandInput,
  UpdateDashboardPermissionsCommandInput,
  UpdateDashboardPublishedVersionCommandInput,
  UpdateDataSetCommandInput,
  UpdateDataSetPermissionsCommandInput,
  UpdateDataSourceCommandInput,
  UpdateDataSourcePermissionsCommandInput,
} from '@aws-sdk/client-quicksight'
import type {
  CreateBucketCommandInput,
  DeleteBucketCommandInput,
  DeleteBucketLifecycleCommandInput,
  DeleteBucketPolicyCommandInput,
  PutBucketEncryptionCommandInput,
  PutBucketLifecycleConfigurationCommandInput,
  PutBucketLoggingCommandInput,
  PutBucketNotificationConfigurationCommandInput,
  PutBucketPolicyCommandInput,
  PutBucketTaggingCommandInput,
  PutPublicAccessBlockCommandInput,
} from '@aws-sdk/client-s3'
import type {
  CreateQueueCommandInput,
  DeleteQueueCommandInput,
  SetQueueAttributesCommandInput,
} from '@aws-sdk/client-sqs'
import type { Clients } from './clients.ts'
import { type EmptyBucketInput, emptyBucket } from './empty-bucket.ts'
import { allSuccessful } from './unsuccessful.ts'

/** Every call that changes something: a new one is a line here. Named as in IAM's policies, by the SDK's operations. */
const operations = {
  'ec2:CreateFlowLogs': async (on: Clients, input: CreateFlowLogsCommandInput) =>
    allSuccessful(await (await on.ec2()).createFlowLogs(input)),
  'ec2:DeleteFlowLogs': async (on: Clients, input: DeleteFlowLogsCommandInput) =>
    allSuccessful(await (await on.ec2()).deleteFlowLogs(input)),
  'events:DeleteRule': async (on: Clients, input: DeleteRuleCommandInput) => (await on.events()).deleteRule(input),
  'events:PutRule': async (on: Clients, input: PutRuleCommandInput) => (await on.events()).putRule(input),
  'events:PutTargets': async (on: Clients, input: PutTargetsCommandInput) => (await on.events()).putTargets(input),
  'events:RemoveTargets': async (on: Clients, input: RemoveTargetsCommandInput) =>
    (await on.events()).removeTargets(input),
  'iam:CreateRole': async (on: Clients, input: CreateRoleCommandInput) => (await on.iam()).createRole(input),
  'iam:DeleteRole': async (on: Clients, input: DeleteRoleCommandInput) => (await on.iam()).deleteRole(input),
  'iam:DeleteRolePolicy': async (on: Clients, input: DeleteRolePolicyCommandInput) =>
    (await on.iam()).deleteRolePolicy(input),
  'iam:PutRolePolicy': async (on: Clients, input: PutRolePolicyCommandInput) => (await on.iam()).putRolePolicy(input),
  'iam:UpdateAssumeRolePolicy': async (on: Clients, input: UpdateAssumeRolePolicyCommandInput) =>
    (await on.iam()).updateAssumeRolePolicy(input),
  'quicksight:CreateDashboard': async (on: Clients, input: CreateDashboardCommandInput) =>
    (await on.quicksight()).createDashboard(input),
  'quicksight:CreateDataSet': async (on: Clients, input: CreateDataSetCommandInput) =>
    (await on.quicksight()).createDataSet(input),
  'quicksight:CreateDataSource': async (on: Clients, input: CreateDataSourceCommandInput) =>
    (await on.quicksight()).createDataSource(input),
  'quicksight:DeleteDashboard': async (on: Clients, input: DeleteDashboardCommandInput) =>
    (await on.quicksight()).deleteDashboard(input),
  'quicksight:DeleteDataSet': async (on: Clients, input: DeleteDataSetCommandInput) =>
    (await on.quicksight()).deleteDataSet(input),
  'quicksight:DeleteDataSource': async (on: Clients, input: DeleteDataSourceCommandInput) =>
    (await on.quicksight()).deleteDataSource(input),
  'quicksight:TagResource': async (on: Clients, input: TagResourceCommandInput) =>
    (await on.quicksight()).tagResource(input),
  'quicksight:UpdateDashboardPermissions': async (on: Clients, input: UpdateDashboardPermissionsCommandInput) =>
    (await on.quicksight()).updateDashboardPermissions(input),
  'quicksight:UpdateDashboard': async (on: Clients, input: UpdateDashboardCommandInput) =>
    (await on.quicksight()).updateDashboard(input),
  'quicksight:UpdateDashboardPublishedVersion': async (
    on: Clients,
    input: UpdateDashboardPublishedVersionCommandInput,
  ) => (await on.quicksight()).updateDashboardPublishedVersion(input),
  'quicksight:UpdateDataSetPermissions': async (on: Clients, input: UpdateDataSetPermissionsCommandInput) =>
    (await on.quicksight()).updateDataSetPermissions(input),
  'quicksight:UpdateDataSet': async (on: Clients, input: UpdateDataSetCommandInput) =>
    (await on.quicksight()).updateDataSet(input),
  'quicksight:UpdateDataSourcePermissions': async (on: Clients, input: UpdateDataSourcePermissionsCommandInput) =>
    (await on.quicksight()).updateDataSourcePermissions(input),
  'quicksight:UpdateDataSource': async (on: Clients, input: UpdateDataSourceCommandInput) =>
    (await on.quicksight()).updateDataSource(input),
  'logs:CreateLogGroup': async (on: Clients, input: CreateLogGroupCommandInput) =>
    (await on.logs()).createLogGroup(input),
  'logs:DeleteLogGroup': async (on: Clients, input: DeleteLogGroupCommandInput) =>
    (await on.logs()).deleteLogGroup(input),
  'logs:DeleteRetentionPolicy': async (on: Clients, input: DeleteRetentionPolicyCommandInput) =>
    (await on.logs()).deleteRetentionPolicy(input),
  'logs:PutRetentionPolicy': async (on: Clients, input: PutRetentionPolicyCommandInput) =>
    (await on.logs()).putRetentionPolicy(input),
  's3:CreateBucket': async (on: Clients, input: CreateBucketCommandInput) => (await on.s3()).createBucket(input),
  's3:DeleteBucket': async (on: Clients, input: DeleteBucketCommandInput) => (await on.s3()).deleteBucket(input),
  's3:DeleteBucketLifecycle': async (on: Clients, input: DeleteBucketLifecycleCommandInput) =>
    (await on.s3()).deleteBucketLifecycle(input),
  's3:DeleteBucketPolicy': async (on: Clients, input: DeleteBucketPolicyCommandInput) =>
    (await on.s3()).deleteBucketPolicy(input),
  's3:EmptyBucket': async (on: Clients, input: EmptyBucketInput, signal?: AbortSignal) =>
    emptyBucket(await on.s3(), input, signal),
  's3:PutBucketEncryption': async (on: Clients, input: PutBucketEncryptionCommandInput) =>
    (await on.s3()).putBucketEncryption(input),
  's3:PutBucketLifecycleConfiguration': async (on: Clients, input: PutBucketLifecycleConfigurationCommandInput) =>
    (await on.s3()).putBucketLifecycleConfiguration(input),
  's3:PutBucketLogging': async (on: Clients, input: PutBucketLoggingCommandInput) =>
    (await on.s3()).putBucketLogging(input),
  's3:PutBucketNotificationConfiguration': async (on: Clients, input: PutBucketNotificationConfigurationCommandInput) =>
    (await on.s3()).putBucketNotificationConfiguration(input),
  's3:PutBucketPolicy': async (on: Clients, input: PutBucketPolicyCommandInput) =>
    (await on.s3()).putBucketPolicy(input),
  's3:PutBucketTagging': async (on: Clients, input: PutBucketTaggingCommandInput) =>
    (await on.s3()).putBucketTagging(input),
  's3:PutPublicAccessBlock': async (on: Clients, input: PutPublicAccessBlockCommandInput) =>
    (await on.s3()).putPublicAccessBlock(input),
  'sqs:CreateQueue': async (on: Clients, input: CreateQueueCommandInput) => (await on.sqs()).createQueue(input),
  'sqs:DeleteQueue': async (on: Clients, input: DeleteQueueCommandInput) => (await on.sqs()).deleteQueue(input),
  'sqs:SetQueueAttributes': async (on: Clients, input: SetQueueAttributesCommandInput) =>
    (await on.sqs()).setQueueAttributes(input),
}

export type Operation = keyof typeof operations

/** What an operation is sent, as the SDK types it. */
export type Input<O extends Operation> = Parameters<(typeof operations)[O]>[1]

/** A request as data: plain JSON of the SDK's input. */
export type Call<O extends Operation = Operation> = {
  [P in O]: { readonly operation: P; readonly input: Input<P> }
}[O]

const sends: {
  readonly [O in Operation]: (on: Clients, input: Input<O>, signal?: AbortSignal) => Promise<object>
} = operations

/** Sends a request just as it was planned; resolves with the SDK's answer. The signal ends what takes many requests. */
export function send<O extends Operation>(
  on: Clients,
  { operation, input }: Call<O>,
  signal?: AbortSignal,
): Promise<object> {
  // The SDK adds to what it is given.
  return sends[operation](on, structuredClone(input), signal)
}
