import type { LogType } from '../src/log-type/log-type.ts'

export declare function referencePage(logTypes: readonly LogType[]): string
