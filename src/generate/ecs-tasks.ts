import type { Random } from './random.ts'

/** The ECS task that owns an interface. */
export interface EcsTask {
  clusterArn: string
  clusterName: string
  containerInstanceArn: string
  containerInstanceId: string
  containerId: string
  secondContainerId: string
  serviceName: string
  taskDefinitionArn: string
  taskArn: string
  taskId: string
}

/** Invents a task. */
export function createTask(random: Random, account: string, region: string): EcsTask {
  const arn = `arn:aws:ecs:${region}:${account}`
  const isFargate = random.chance(0.6)
  const service = random.pick(['checkout', 'search', 'thumbnails'])
  const containerInstance = random.hex(32)
  const taskId = random.hex(32)
  return {
    clusterArn: `${arn}:cluster/prod`,
    clusterName: 'prod',
    containerInstanceArn: isFargate ? '-' : `${arn}:container-instance/prod/${containerInstance}`,
    containerInstanceId: isFargate ? '-' : containerInstance,
    containerId: random.hex(64),
    secondContainerId: random.chance(0.4) ? random.hex(64) : '-',
    serviceName: random.chance(0.8) ? service : '-',
    taskDefinitionArn: `${arn}:task-definition/${service}:${random.between(1, 90)}`,
    taskArn: `${arn}:task/prod/${taskId}`,
    taskId,
  }
}
