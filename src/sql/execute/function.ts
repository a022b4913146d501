import type { Value } from '../../api.ts'
import { whyNotCalled } from '../calls/called-function.ts'
import { failed } from '../execution/failure.ts'
import { fold, shownName } from '../execution/names.ts'
import { objectKind } from '../execution/object-kind.ts'
import { find, outcomeOf } from '../execution/plan.ts'
import { refuseTaken } from '../execution/relation-names.ts'
import { argumentFamily } from '../execution/shown-types.ts'
import { type CreateFunction, isStrict } from '../statements/function.ts'
import { printPart } from '../statement/name.ts'

function argumentTypes({ arguments: list }: CreateFunction): string[] {
  return list.map(({ type }) => type)
}

function isSameTypes(left: readonly string[], right: readonly string[]): boolean {
  return left.map(argumentFamily).join() === right.map(argumentFamily).join()
}

/** `NAME(VARCHAR, NUMBER)`. */
function signatureOf(name: string, types: readonly string[]): string {
  return `${name}(${types.map(argumentFamily).join(', ')})`
}

function resultOf({ returns }: CreateFunction): string {
  if (returns.form === 'value') return returns.type
  return `TABLE (${returns.columns.map(({ name, type }) => `${fold(name)} ${type}`).join(', ')})`
}

function unsupported(definition: CreateFunction): string | undefined {
  const { options, temporary, arguments: list } = definition
  const { language = 'SQL', handler, packages, imports, runtimeVersion } = options
  if (temporary) return 'there are no temporary functions; leave TEMPORARY out, and DROP it when it is done with'
  if (
    language === 'SQL' &&
    (handler !== undefined || packages !== undefined || imports !== undefined || runtimeVersion !== undefined)
  )
    return 'a function in SQL takes no HANDLER, PACKAGES, IMPORTS or RUNTIME_VERSION; leave them out'
  const optional = list.find((argument) => argument.default !== undefined)
  if (optional !== undefined)
    return `arguments without DEFAULT are all that there are; leave it out of ${printPart(optional.name)}`
  return language === 'SQL' ? undefined : whyNotCalled(definition)
}

/** What DESC shows of functions in other languages than SQL besides. */
function programOf({ options }: CreateFunction): [string, Value][] {
  if ((options.language ?? 'SQL') === 'SQL') return []
  const list = (texts: readonly string[] = []): string => `[${texts.map((text) => `'${text}'`).join(', ')}]`
  return [
    ['handler', options.handler ?? null],
    ['runtime_version', options.runtimeVersion ?? null],
    ['packages', list(options.packages)],
    ['imports', list(options.imports)],
  ]
}

/**
 * Snowflake's manual, FUNCTION: an expression or a query with arguments, of which `src/sql/relations/` makes a macro of the engine; or a body in
 * JavaScript or Python, which runs in a cage (`src/sql/calls/`).
 */
export const userFunction = objectKind({
  type: 'FUNCTION',
  title: 'Function',
  level: 'schema',
  keepsDialect: true,
  creates: 'create-function',
  unsupported: (statement) => (statement.kind === 'create-function' ? unsupported(statement) : undefined),
  define: (definition, key, situation) => {
    refuseTaken(key, ['FUNCTION'], situation)
    const existing = find(situation.objects, key)?.definition
    if (existing?.kind === 'create-function' && !isSameTypes(argumentTypes(existing), argumentTypes(definition)))
      throw failed(
        `FUNCTION ${shownName(key)} is there with other arguments, ${signatureOf(key.name, argumentTypes(existing))}, and a name is one function; drop it first, or take another name`,
      )
    return definition
  },
  whyNotMeant: (object, types) => {
    const { definition } = object
    if (definition.kind !== 'create-function' || isSameTypes(argumentTypes(definition), types)) return undefined
    return `FUNCTION ${signatureOf(shownName(object), types)} does not exist; there is ${signatureOf(object.name, argumentTypes(definition))}`
  },
  describe: (definition) =>
    outcomeOf(
      ['property', 'value'],
      [
        ['signature', `(${definition.arguments.map(({ name, type }) => `${fold(name)} ${type}`).join(', ')})`],
        ['returns', resultOf(definition)],
        ['language', definition.options.language ?? 'SQL'],
        ['null handling', isStrict(definition) ? 'RETURNS NULL ON NULL INPUT' : 'CALLED ON NULL INPUT'],
        ['body', definition.body.text],
        ...programOf(definition),
      ],
    ),
  columns: [
    'created_on TIMESTAMP',
    'name',
    'schema_name',
    'is_builtin',
    'is_aggregate',
    'is_ansi',
    'min_num_arguments BIGINT',
    'max_num_arguments BIGINT',
    'arguments',
    'description',
    'catalog_name',
    'is_table_function',
    'valid_for_clustering',
    'is_secure',
    'is_external_function',
    'language',
    'is_memoizable',
  ],
  row: (definition, { createdAt, name, database, schema }) => [
    createdAt,
    name,
    schema,
    'N',
    'N',
    'N',
    definition.arguments.length,
    definition.arguments.length,
    `${signatureOf(name, argumentTypes(definition))} RETURN ${definition.returns.form === 'table' ? resultOf(definition) : argumentFamily(definition.returns.type)}`,
    definition.options.comment ?? 'user-defined function',
    database,
    definition.returns.form === 'table' ? 'Y' : 'N',
    'N',
    definition.secure ? 'Y' : 'N',
    'N',
    definition.options.language ?? 'SQL',
    definition.traits.includes('MEMOIZABLE') ? 'Y' : 'N',
  ],
})
