import type { Static, TSchema } from 'typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CorePermission } from '@bitcartcc/sdk/manifest'
import type { Distribution, HttpProblem, User } from '@bitcartcc/sdk/resources'
import type { PluginFacts } from '@bitcartcc/sdk/wiring'
import type { Domain, Held } from '@bitcartcc/domain/domain'
import type { Live } from './http/live.ts'

/** What every core handler may use. */
export interface CoreContext {
  readonly domain: Domain
  readonly distribution: Distribution
  readonly plugins: readonly PluginFacts[]
  readonly user: User | null
  readonly live: Live
  /** What an error is answered with; what is our fault is logged. */
  readonly problemOf: (error: unknown) => HttpProblem
  readonly http: { readonly request: FastifyRequest; readonly reply: FastifyReply }
}

export interface CoreShape {
  readonly summary: string
  readonly permission: CorePermission | 'public' | 'user'
  /**
   * Where the permission must be held. Absent: for the whole house. A noun: in the store that `:id` is, or lies in. `input`: in the
   * store that the body names, or the first. `list`: in any store; the handler lists no other.
   */
  readonly within?: 'store' | Held | 'input' | 'list'
  readonly params?: TSchema
  readonly query?: TSchema
  readonly body?: TSchema
  /** The answer is a stream of server-sent events; each carries this as JSON. */
  readonly events?: TSchema
  /** Absent where the answer is not JSON, or none. */
  readonly returns?: TSchema
  /** Default: 200. */
  readonly status?: 201 | 204
  /** At most as often from one address as the setting `ordersPerMinute` says: a stranger makes rows with it. */
  readonly isLimited?: true
  /** It is done in parts, each written down as a change of its own. */
  readonly inParts?: true
  /** It shows what would be, and stores nothing: no change to write down. */
  readonly changesNothing?: true
  /** Largest body in bytes. */
  readonly bodyLimitBytes?: number
  /** The body arrives as bytes, whatever its content type. */
  readonly raw?: true
}

type Value<S> = S extends TSchema ? Static<S> : undefined

export interface CoreRequest<S extends CoreShape> {
  readonly params: Value<S['params']>
  readonly query: Value<S['query']>
  readonly body: S['raw'] extends true ? Uint8Array : Value<S['body']>
}

export interface CoreRoute {
  readonly shape: CoreShape
  // oxlint-disable-next-line typescript/no-explicit-any -- erased: a table of routes of unlike shapes
  readonly handle: (request: any, context: CoreContext) => Promise<unknown>
}

export type CoreRoutes = Readonly<Record<string, CoreRoute>>

/**
 * One route of core: its shape types the handler's request and answer.
 *
 * `Request` and `Answer` are never given: they keep the compiler from exploring TypeBox's types for every shape there could be.
 */
export function coreRoute<
  const S extends CoreShape,
  Request = CoreRequest<S>,
  Answer = S['returns'] extends TSchema ? Static<S['returns']> : unknown,
>(
  shape: S,
  handle: (request: NoInfer<Request>, context: CoreContext) => Promise<NoInfer<Answer>>,
): CoreRoute {
  return { shape, handle }
}
