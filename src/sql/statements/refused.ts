import type { StatementKind } from '../statement/kind.ts'
import type { Reader } from '../statement/reader.ts'

const noRoles = 'there are no roles or users here; leave the statement out'
const noIntegration = 'only STORAGE INTEGRATION is known; leave the statement out'
const noTransfer = 'put files into the bucket or folder of a stage by other means; leave the statement out'

const reasons: Readonly<Record<string, string>> = {
  GRANT: noRoles,
  REVOKE: noRoles,
  'CREATE OR ALTER': 'take CREATE OR REPLACE, or CREATE … IF NOT EXISTS and ALTER',
  'CREATE ROLE': noRoles,
  'ALTER ROLE': noRoles,
  'DROP ROLE': noRoles,
  'CREATE USER': noRoles,
  'ALTER USER': noRoles,
  'DROP USER': noRoles,
  'USE SECONDARY ROLES': noRoles,
  'CREATE NOTIFICATION INTEGRATION': noIntegration,
  'CREATE API INTEGRATION': noIntegration,
  'CREATE SECURITY INTEGRATION': noIntegration,
  'CREATE CATALOG INTEGRATION': noIntegration,
  PUT: noTransfer,
  GET: noTransfer,
}

/** Statements of Snowflake's that are known and not for here, so that the engine need not guess at them. */
export const refused: StatementKind<never> = {
  begins: Object.fromEntries(
    Object.entries(reasons).map(([head, why]) => [
      head,
      (reader: Reader): never => {
        throw reader.atStart(`${head} is not supported: ${why}`)
      },
    ]),
  ),
  print: {},
}
