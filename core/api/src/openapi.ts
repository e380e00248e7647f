import type { Distribution } from '@bitcartcc/sdk/resources'
import type { ServerWiring } from '@bitcartcc/sdk/wiring'
import { coreRoutes } from './core-routes.ts'
import { describeWebhooks } from './openapi-webhooks.ts'
import { isCreation } from './http/once.ts'
import type { RegisteredShape } from './register.ts'
import { pluginRouteKey } from './schemas.ts'

type DescribedShape = RegisteredShape & {
  readonly summary?: string
  readonly events?: object
  readonly permission: string
  readonly within?: string
}

/** The OpenAPI 3.1 document of this distribution, made from the very schemas the routes are checked with. */
export function openApi(wiring: Pick<ServerWiring, 'api'>, distribution: Distribution): object {
  const plugins = wiring.api.routes.flatMap(({ plugin, routes }) =>
    Object.entries(routes).map(
      ([key, route]) =>
        [pluginRouteKey(plugin, key), route.shape as DescribedShape, plugin] as const,
    ),
  )
  const core = Object.entries(coreRoutes).map(
    ([key, route]) => [key, route.shape as DescribedShape, 'core'] as const,
  ) // CoreShape without its handler's types
  const paths: Record<string, Record<string, object>> = {}
  for (const [key, shape, owner] of [...core, ...plugins]) {
    const [method, path] = key.split(' ') as [string, string] // a route key: method, one space, path
    const template = path.replaceAll(/:([A-Za-z]+)/g, '{$1}')
    paths[template] = {
      ...paths[template],
      [method.toLowerCase()]: operation(method, path, shape, owner),
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: `${distribution.name}, a BitcartCC distribution`, version: distribution.core },
    servers: [{ url: '/' }],
    paths,
    webhooks: describeWebhooks(),
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'session' },
      },
      schemas: { Problem: problemSchema },
    },
  }
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { field: { type: 'string' }, says: { type: 'string' } },
      },
    },
  },
}

function operation(method: string, path: string, shape: DescribedShape, owner: string): object {
  const isOpen = shape.permission === 'public'
  return {
    operationId: operationId(method, path),
    tags: [owner],
    ...(shape.summary === undefined ? {} : { summary: shape.summary }),
    ...(isOpen
      ? {}
      : {
          description: `Needs ${shape.permission === 'user' ? 'a signed-in user' : `the permission ${shape.permission}${shape.within === undefined ? '' : ', in its store or in all'}`}.`,
        }),
    security: isOpen ? [] : [{ token: [] }, { session: [] }],
    parameters: [
      ...parameters('path', shape.params),
      ...parameters('query', shape.query),
      ...(isCreation(method, shape.status) ? [idempotencyKey] : []),
    ],
    ...(shape.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: shape.body } } } }
      : {}),
    ...(shape.raw
      ? { requestBody: { required: true, content: { 'application/octet-stream': {} } } }
      : {}),
    responses: {
      [shape.status ?? 200]: {
        description: 'Done',
        ...(shape.events
          ? {
              content: {
                'text/event-stream': {
                  schema: {
                    type: 'string',
                    contentMediaType: 'application/json',
                    contentSchema: shape.events,
                  },
                },
              },
            }
          : {}),
        ...(shape.returns ? { content: { 'application/json': { schema: shape.returns } } } : {}),
      },
      default: {
        description: 'A problem',
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    },
  }
}

const idempotencyKey = {
  name: 'idempotency-key',
  in: 'header',
  required: false,
  description:
    'Makes it once: with the same key and the same body the answer is the same for a day, with another body it is 422. At least 16 characters where nobody is signed in.',
  schema: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[\\x21-\\x7e]+$' },
}

const operationId = (method: string, path: string) =>
  [method.toLowerCase(), ...path.split('/').filter((part) => part !== '' && part !== 'api')]
    .map((part) => part.replace(':', 'by-'))
    .join('-')

function parameters(place: 'path' | 'query', schema: object | undefined): object[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, object>
    required?: string[]
  } // an object schema, as route shapes demand
  return Object.entries(properties).map(([name, each]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: each,
  }))
}
