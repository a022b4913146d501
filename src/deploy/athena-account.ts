import type { AthenaClient, NamedQuery } from '@aws-sdk/client-athena'
import type { GlueClient } from '@aws-sdk/client-glue'
import { openAthena, runOnAthena } from '../engines/athena.ts'
import { messageOf, MillraceError } from '../errors.ts'
import type { AthenaTarget, Found, Step } from './athena-plan.ts'

/** Athena and the Glue catalog of an account, as the environment has it. */
export class AthenaAccount {
  private readonly athena: AthenaClient
  private readonly glue: GlueClient
  private readonly target: AthenaTarget

  private constructor(athena: AthenaClient, glue: GlueClient, target: AthenaTarget) {
    this.athena = athena
    this.glue = glue
    this.target = target
  }

  static async open(target: AthenaTarget, region: string): Promise<AthenaAccount> {
    const { GlueClient: Client } = await import('@aws-sdk/client-glue')
    return new AthenaAccount(await openAthena(region), new Client({ region, maxAttempts: 6 }), target)
  }

  /** Reads what is there. Changes nothing. */
  async read(): Promise<Found> {
    const workGroup = await this.workGroup()
    const database = await this.database()
    const relations = database === undefined ? new Set<string>() : await this.relations()
    return {
      workGroup,
      database,
      relations,
      partitions: await this.partitions([...relations].filter((name) => name.endsWith('_raw'))),
      queries: workGroup === undefined ? [] : await this.queries(),
    }
  }

  /** Does one step. `firstPauseMs` is how soon Athena is asked whether a statement has run. */
  async carryOut(
    step: Step,
    options: { readonly signal?: AbortSignal; readonly firstPauseMs?: number } = {},
  ): Promise<void> {
    const athena = await import('@aws-sdk/client-athena')
    const { database: Database, workGroup: WorkGroup } = this.target
    switch (step.call) {
      case 'CreateWorkGroup': {
        const Description = 'Queries over logs, made by Millrace.'
        const Configuration = configurationOf(step.target)
        const Tags = [{ Key: 'millrace', Value: 'deployed' }]
        await this.athena.send(new athena.CreateWorkGroupCommand({ Name: WorkGroup, Description, Configuration, Tags }))
        return
      }
      case 'UpdateWorkGroup': {
        const { ResultConfiguration, ...rest } = configurationOf(step.target)
        const ConfigurationUpdates = { ...rest, ResultConfigurationUpdates: ResultConfiguration }
        await this.athena.send(new athena.UpdateWorkGroupCommand({ WorkGroup, ConfigurationUpdates }))
        return
      }
      case 'CreateDatabase': {
        const { CreateDatabaseCommand } = await import('@aws-sdk/client-glue')
        const DatabaseInput = { Name: Database, Description: 'Logs, made by Millrace.' }
        await this.glue.send(new CreateDatabaseCommand({ DatabaseInput }))
        return
      }
      case 'StartQueryExecution': {
        const names = Object.keys(step.marks)
        // Noted before it is made as well: what is there without a note is somebody else's.
        if (names.length > 0) await this.mark(Object.fromEntries(names.map((name) => [name, ''])))
        await runOnAthena(this.athena, step.sql, this.target, options)
        if (names.length > 0) await this.mark(step.marks)
        return
      }
      case 'CreateNamedQuery': {
        const { name: Name, description: Description, sql: QueryString } = step.query
        await this.athena.send(
          new athena.CreateNamedQueryCommand({ Name, Description, Database, QueryString, WorkGroup }),
        )
        return
      }
      case 'UpdateNamedQuery': {
        const { name: Name, description: Description, sql: QueryString } = step.query
        await this.athena.send(
          new athena.UpdateNamedQueryCommand({ NamedQueryId: step.id, Name, Description, QueryString }),
        )
      }
    }
  }

  close(): void {
    this.athena.destroy()
    this.glue.destroy()
  }

  private async workGroup(): Promise<Found['workGroup']> {
    const { GetWorkGroupCommand } = await import('@aws-sdk/client-athena')
    const answer = await this.athena
      .send(new GetWorkGroupCommand({ WorkGroup: this.target.workGroup }))
      .catch((error: unknown) => absent(error, /WorkGroup.*(not found|does not exist)/i))
    const configuration = answer?.WorkGroup?.Configuration
    if (answer?.WorkGroup === undefined) return undefined
    return {
      outputLocation: configuration?.ResultConfiguration?.OutputLocation ?? '',
      bytesLimit: configuration?.BytesScannedCutoffPerQuery ?? 0,
      isEnforced: configuration?.EnforceWorkGroupConfiguration ?? false,
    }
  }

  private async database(): Promise<Found['database']> {
    const { GetDatabaseCommand } = await import('@aws-sdk/client-glue')
    const answer = await this.glue
      .send(new GetDatabaseCommand({ Name: this.target.database }))
      .catch((error: unknown) => absent(error, /EntityNotFound/))
    return answer?.Database === undefined ? undefined : (answer.Database.Parameters ?? {})
  }

  private async relations(): Promise<Set<string>> {
    const { paginateGetTables } = await import('@aws-sdk/client-glue')
    const names = new Set<string>()
    for await (const page of paginateGetTables({ client: this.glue }, { DatabaseName: this.target.database }))
      for (const { Name } of page.TableList ?? []) if (Name !== undefined) names.add(Name)
    return names
  }

  private async partitions(tables: readonly string[]): Promise<Map<string, ReadonlySet<string>>> {
    const { paginateGetPartitions } = await import('@aws-sdk/client-glue')
    const found = new Map<string, ReadonlySet<string>>()
    for (const TableName of tables) {
      const values = new Set<string>()
      const asked = { DatabaseName: this.target.database, TableName, ExcludeColumnSchema: true }
      for await (const page of paginateGetPartitions({ client: this.glue }, asked))
        for (const { Values = [] } of page.Partitions ?? []) values.add(JSON.stringify(Values))
      found.set(TableName, values)
    }
    return found
  }

  private async queries(): Promise<Found['queries']> {
    const { GetNamedQueryCommand, paginateListNamedQueries } = await import('@aws-sdk/client-athena')
    const found: NamedQuery[] = []
    const { workGroup: WorkGroup, database } = this.target
    for await (const page of paginateListNamedQueries({ client: this.athena, pageSize: 50 }, { WorkGroup })) {
      for (const NamedQueryId of page.NamedQueryIds ?? []) {
        const answer = await this.athena.send(new GetNamedQueryCommand({ NamedQueryId }))
        if (answer.NamedQuery !== undefined) found.push(answer.NamedQuery)
      }
    }
    return found
      .filter((one) => one.Database === database)
      .map(({ Name = '', Description = '', QueryString = '', NamedQueryId: id = '' }) => ({
        id,
        name: Name,
        description: Description,
        sql: QueryString,
      }))
  }

  /** Notes in the database what was deployed: a table does not tell the statement that made it. */
  private async mark(marks: Readonly<Record<string, string>>): Promise<void> {
    const { GetDatabaseCommand, UpdateDatabaseCommand } = await import('@aws-sdk/client-glue')
    const { database: Name } = this.target
    const { Database: there } = await this.glue.send(new GetDatabaseCommand({ Name }))
    const Parameters = { ...there?.Parameters, ...marks }
    // An update sets all that there is.
    const { Description, LocationUri, CreateTableDefaultPermissions, TargetDatabase } = there ?? {}
    const kept = { Description, LocationUri, CreateTableDefaultPermissions, TargetDatabase }
    await this.glue.send(new UpdateDatabaseCommand({ Name, DatabaseInput: { Name, ...kept, Parameters } }))
  }
}

function configurationOf({ outputLocation, bytesLimit }: AthenaTarget) {
  return {
    EnforceWorkGroupConfiguration: true,
    BytesScannedCutoffPerQuery: bytesLimit,
    PublishCloudWatchMetricsEnabled: true,
    ResultConfiguration: { OutputLocation: outputLocation },
    EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
  }
}

/** Nothing where the answer says that it is not there; any other failure is one. */
function absent(error: unknown, pattern: RegExp): undefined {
  const name = error instanceof Error ? error.name : ''
  if (pattern.test(`${name} ${messageOf(error)}`)) return undefined
  throw new MillraceError('SOURCE_UNAVAILABLE', `The account cannot be read: ${messageOf(error)}.`, error)
}
