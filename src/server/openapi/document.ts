import { z } from 'zod'
import { failureShape } from '../answers.ts'
import { ndjsonType } from '../ndjson.ts'
import { type Operation, operations } from './operations.ts'

type Json = Readonly<Record<string, unknown>>

/** The API as an OpenAPI 3.1 document, made from the shapes that requests and answers are checked by. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const operation of operations) {
    const path = (paths[`/v1${operation.path}`] ??= {})
    path[operation.method] = operationJson(operation)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Millrace',
      version,
      description:
        'Integers beyond 2^53 are written as JSON numbers of full length. Errors are {"error": {"code", "message"}}; the message is one sentence that says what to do.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token of server.json in the directory of the lake, which only its owner can read.',
        },
      },
      responses: {
        failure: {
          description: 'It failed; the code says how.',
          content: { 'application/json': { schema: shapeOf(failureShape, 'output') } },
        },
      },
    },
  }
}

function operationJson({ method, path, summary, description, parameters, body, answer, lines }: Operation): Json {
  const type = lines === undefined ? 'application/json' : ndjsonType.replace(/;.*/, '')
  return {
    operationId: [method, ...path.split(/\W+/).filter((word) => word !== '')].join('-'),
    summary,
    ...(description === undefined ? {} : { description }),
    ...parametersJson(path, parameters),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: shapeOf(body, 'input') } } } }),
    responses: {
      '200': {
        description: 'Done.',
        content: { [type]: { schema: shapeOf(answer ?? lines ?? z.unknown(), 'output') } },
      },
      default: { $ref: '#/components/responses/failure' },
    },
  }
}

function parametersJson(path: string, parameters: z.ZodObject | undefined): Json {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const shapes: Readonly<Record<string, z.core.$ZodType>> = parameters?.shape ?? {}
  const asked = Object.entries(shapes).map(([name, shape]) => ({
    name,
    in: 'query',
    required: !z.safeParse(shape, undefined).success,
    schema: shapeOf(shape, 'input'),
  }))
  return named.length + asked.length === 0 ? {} : { parameters: [...named, ...asked] }
}

function shapeOf(shape: z.core.$ZodType, io: 'input' | 'output'): Json {
  const { $schema: _schema, ...json } = z.toJSONSchema(shape, { io, unrepresentable: 'any', override: wholeNumbers })
  return json
}

/** JSON Schema has no word for a BIGINT: it is an integer like any other. */
function wholeNumbers({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodType
  jsonSchema: z.core.JSONSchema.BaseSchema
}): void {
  if (zodSchema._zod.def.type === 'bigint') jsonSchema.type = 'integer'
}
