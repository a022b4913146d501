import type { LogType } from '../src/log-type/log-type.ts'
import type { NamedQuery } from '../src/named-queries/named-query.ts'
import type { metricDocs } from '../src/server/metrics.ts'
import type { Operation } from '../src/server/openapi/operations.ts'

export declare function referencePage(logTypes: readonly LogType[]): string
export declare function queriesPage(queries: readonly NamedQuery[], logTypes: readonly LogType[]): string
export declare function apiPage(operations: readonly Operation[]): string
export declare function metricsPage(metrics: typeof metricDocs): string
