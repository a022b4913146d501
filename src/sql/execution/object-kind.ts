import type { Value } from '../../api.ts'
import type { CatalogObject, Definition, ObjectKey } from '../../catalog/objects.ts'
import { MillraceError } from '../../errors.ts'
import type { Change as OptionChange, Rename } from '../statement/alter.ts'
import type { ObjectType } from '../statement/objects.ts'
import type { Given } from '../statement/options.ts'
import type { PipelineStatement } from '../statement/registry.ts'
import type { Level } from './names.ts'
import type { Change, Outcome, Situation } from './plan.ts'
import type { Session } from './session.ts'

/** A statement that changes an object. */
export type AlterStatement = Extract<PipelineStatement, { readonly kind: `alter-${string}` }>

type Of<K extends PipelineStatement['kind']> = Extract<PipelineStatement, { readonly kind: K }>

/** What DROP says besides the name. */
export type Behaviour = 'CASCADE' | 'RESTRICT' | undefined

interface Common {
  readonly type: ObjectType
  /** As sentences begin with it: `Stage area`. */
  readonly title: string
  readonly level: Level
  /** Columns of SHOW, with their types where they are no text. */
  readonly columns: readonly string[]
  /** Which of its plans look at the engine's tables and count their rows: those of SHOW, or those that change something. */
  readonly needsRelations?: 'to show' | 'to change'
  /** Whether DESC looks at the columns of the engine. */
  readonly needsColumns?: true
  /** Whether its definition holds SQL in the dialect of the script. */
  readonly keepsDialect?: true
  /** Why an object is not the one that a statement means by its arguments; undefined where it is. */
  readonly whyNotMeant?: (object: CatalogObject, argumentTypes: readonly string[]) => string | undefined
  /** What else making one does. */
  readonly whenMade?: (object: CatalogObject, situation: Situation) => readonly Change[]
  /** What else dropping one does; refuses what must not be dropped. */
  readonly whenDropped?: (object: CatalogObject, behaviour: Behaviour, situation: Situation) => readonly Change[]
  /** What dropping one means to others, where none takes its place. */
  readonly whenGone?: (object: CatalogObject, situation: Situation) => readonly Change[]
  /** What else renaming one does. */
  readonly whenRenamed?: (before: CatalogObject, after: ObjectKey, situation: Situation) => readonly Change[]
  /** The session once one has been made or said by USE. */
  readonly inUse?: (key: ObjectKey, situation: Situation) => Session
}

/** How statements about one kind of objects are done. Each is one file in `src/sql/execute/`, and a line in its registry. */
export interface ObjectKind extends Common {
  readonly creates: Definition['kind']
  /** Undefined where nothing can be altered. */
  readonly alters: AlterStatement['kind'] | undefined
  /** Why a statement is not run, where that can be said before anything is. */
  readonly unsupported: (statement: PipelineStatement) => string | undefined
  /** The definition to keep: checked, and with what the statement leaves open. */
  readonly define: (definition: Definition, key: ObjectKey, situation: Situation) => Definition
  /** The definition behind ALTER, which is no renaming, and what to say. */
  readonly alter: (object: CatalogObject, statement: AlterStatement, situation: Situation) => Altered<Definition>
  readonly describe: (object: CatalogObject, situation: Situation) => Outcome
  /** The row of SHOW. */
  readonly row: (object: CatalogObject, situation: Situation) => readonly Value[]
}

/** What ALTER makes of a definition. */
export interface Altered<D> {
  readonly definition: D
  readonly status?: string
  /** What else it does. */
  readonly changes?: readonly Change[]
}

/** The same, in terms of the kind's own statements. */
interface KindOf<C extends Definition['kind'], A extends AlterStatement['kind']> extends Common {
  readonly creates: C
  /** Absent where there is nothing to change. */
  readonly alters?: A
  readonly unsupported?: (statement: Of<C> | Of<A>) => string | undefined
  readonly define?: (definition: Of<C>, key: ObjectKey, situation: Situation) => Of<C>
  readonly alter?: (definition: Of<C>, statement: Of<A>, key: ObjectKey, situation: Situation) => Altered<Of<C>>
  readonly describe: (definition: Of<C>, object: CatalogObject, situation: Situation) => Outcome
  readonly row: (definition: Of<C>, object: CatalogObject, situation: Situation) => readonly Value[]
}

/** A kind of objects, from functions that take its own statements only. */
export function objectKind<C extends Definition['kind'], A extends AlterStatement['kind'] = never>(
  kind: KindOf<C, A>,
): ObjectKind {
  const { creates, alters, unsupported, define, alter } = kind
  return {
    ...kind,
    alters,
    unsupported: (statement) =>
      isOf(statement, creates) || (alters !== undefined && isOf(statement, alters))
        ? unsupported?.(statement)
        : undefined,
    define: (definition, key, situation) => {
      const own = ownStatement(definition, creates)
      return define === undefined ? own : define(own, key, situation)
    },
    alter: (object, statement, situation) =>
      alters === undefined || alter === undefined
        ? notOf(statement, creates)
        : alter(ownStatement(object.definition, creates), ownStatement(statement, alters), object, situation),
    describe: (object, situation) => kind.describe(ownStatement(object.definition, creates), object, situation),
    row: (object, situation) => kind.row(ownStatement(object.definition, creates), object, situation),
  }
}

/** Whether a statement is of a kind. */
export function isOf<K extends PipelineStatement['kind']>(statement: PipelineStatement, kind: K): statement is Of<K> {
  return statement.kind === kind
}

function ownStatement<K extends PipelineStatement['kind']>(statement: PipelineStatement, kind: K): Of<K> {
  return isOf(statement, kind) ? statement : notOf(statement, kind)
}

function notOf(statement: PipelineStatement, kind: string): never {
  throw new MillraceError('INTERNAL', `A statement of kind ${statement.kind} was taken for ${kind}.`)
}

/** Options behind SET or UNSET; renaming is done for all kinds alike, and changes none. */
export function changedOptions<V extends object>(options: Given<V>, change: OptionChange<V> | Rename): Given<V> {
  if (change.action === 'rename') return options
  if (change.action === 'set') return { ...options, ...change.options }
  const left: { -readonly [K in keyof V]?: V[K] } = { ...options }
  for (const key of change.options) delete left[key]
  return left
}
