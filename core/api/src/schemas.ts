import type { ServerWiring } from '@bitcartcc/sdk/wiring'
import { coreRoutes } from './core-routes.ts'

/** The parts of a request that are checked, and the answer that is written. */
export type SchemaPart = 'params' | 'query' | 'body' | 'returns'

export interface RouteSchema {
  /** `PUT /api/plugins/ratings/products/:id body`: the same in every build. */
  readonly id: string
  readonly part: SchemaPart
  readonly schema: object
}

export const schemaId = (routeKey: string, part: SchemaPart): string => `${routeKey} ${part}`

/** The full key of a plugin's route: `PUT /api/plugins/ratings/products/:id`. */
export function pluginRouteKey(plugin: string, key: string): string {
  const [method, path] = key.split(' ')
  return `${method} /api/plugins/${plugin}${path === '/' ? '' : path}`
}

/** Every schema of every route, core's first, in the order they are declared; what validators are compiled from. */
export function collectSchemas(wiring: Pick<ServerWiring, 'api'>): readonly RouteSchema[] {
  const plugins = wiring.api.routes.flatMap(({ plugin, routes }) =>
    Object.entries(routes).map(
      ([key, { shape }]) =>
        [
          pluginRouteKey(plugin, key),
          // Each event of a stream is written as an answer is.
          shape.events ? { ...shape, returns: shape.events } : shape,
        ] as const,
    ),
  )
  const core = Object.entries(coreRoutes).map(([key, route]) => [key, route.shape] as const)
  return [...core, ...plugins].flatMap(([key, shape]) =>
    (['params', 'query', 'body', 'returns'] as const).flatMap((part) => {
      const schema = shape[part]
      return schema === undefined ? [] : [{ id: schemaId(key, part), part, schema }]
    }),
  )
}
