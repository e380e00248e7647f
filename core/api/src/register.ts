import type {
  FastifyContextConfig,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  HTTPMethods,
} from 'fastify'
import type { CompiledSchemas } from './compiled.ts'
import { refuseUnstorable } from './http/plain-text.ts'
import { schemaId, type SchemaPart } from './schemas.ts'

/** What core's routes and plugins' routes have in common. */
export interface RegisteredShape {
  readonly params?: object
  readonly query?: object
  readonly body?: object
  readonly returns?: object
  readonly status?: number
  readonly bodyLimitBytes?: number
  readonly raw?: boolean
  /** What plugins of the HTTP server read. */
  readonly config?: FastifyContextConfig
}

export type Answer = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

const sections = { params: 'params', query: 'querystring', body: 'body' } as const

/** Adds one route to a scope, with its compiled validators and serialiser. */
export function registerRoute(
  scope: FastifyInstance,
  compiled: CompiledSchemas,
  key: string,
  shape: RegisteredShape,
  before: (request: FastifyRequest) => Promise<void>,
  answer: Answer,
): void {
  const [method, url] = key.split(' ') as [HTTPMethods, string] // a route key: method, one space, path
  const schema: Record<string, object> = {}
  for (const part of ['params', 'query', 'body'] as const)
    if (shape[part]) schema[sections[part]] = shape[part]
  const serialize = shape.returns && needed(compiled.serializers, schemaId(key, 'returns'))
  scope.route({
    method,
    url,
    config: shape.config ?? {},
    schema,
    ...(shape.bodyLimitBytes === undefined ? {} : { bodyLimit: shape.bodyLimitBytes }),
    validatorCompiler: ({ httpPart }) => {
      const part: SchemaPart =
        httpPart === 'querystring' ? 'query' : httpPart === 'params' ? 'params' : 'body'
      const validate = needed(compiled.validators, schemaId(key, part))
      return (value: unknown) =>
        validate(value) ? { value } : { error: invalid(validate.errors ?? []) }
    },
    // Who may not do it, does not learn whether it was well formed.
    preValidation: before,
    preHandler: ({ params, query, body }, _, done) => {
      refuseUnstorable(params, query, body)
      done()
    },
    handler: async (request, reply) => {
      const result = await answer(request, reply)
      // A stream is over here, also where who read it has left: then it was answered, and never ended.
      if (reply.sent || reply.raw.headersSent || result === reply) return reply
      if (shape.status !== undefined) reply.code(shape.status)
      if (shape.status === 204 || !serialize) return reply.send()
      return reply
        .header('content-type', 'application/json; charset=utf-8')
        .serializer(serialize)
        .send(result)
    },
  })
}

/** What writes one event of a stream: no more than its schema names. */
export const writerOf = (
  compiled: CompiledSchemas,
  key: string,
): CompiledSchemas['serializers'][string] => needed(compiled.serializers, schemaId(key, 'returns'))

function needed<T>(table: Readonly<Record<string, T>>, id: string): T {
  const found = table[id]
  if (found === undefined) throw new Error(`nothing was compiled for "${id}"`)
  return found
}

const invalid = (errors: readonly unknown[]) => errors as unknown as Error // fastify takes ajv's list and attaches it as .validation
