import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import cookie from '@fastify/cookie'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { Answered } from '@bitcartcc/domain/asked'
import type { Domain } from '@bitcartcc/domain/domain'
import type { Distribution, User } from '@bitcartcc/sdk/resources'
import { HttpError, type Log } from '@bitcartcc/sdk/server'
import type { ServerWiring } from '@bitcartcc/sdk/wiring'
import { compiledFor, type CompiledSchemas } from './compiled.ts'
import type { CoreShape } from './core-route.ts'
import { coreRoutes } from './core-routes.ts'
import { changeOf } from './http/audit.ts'
import { isCsrfTokenOf, sessionOf, visitorOf } from './http/cookies.ts'
import { drainOnClose } from './http/drain.ts'
import { countAddresses, limitOf } from './http/limit.ts'
import { createLive } from './http/live.ts'
import { isCreation, onceOf } from './http/once.ts'
import { refuseUnstorable } from './http/plain-text.ts'
import { answerBadAddress, answerWithProblems, notFound, problemOf } from './http/problems.ts'
import { setSecurityHeaders } from './http/security.ts'
import { proxyServices, type RunningService } from './http/services.ts'
import { servePublic } from './http/static.ts'
import { openApi } from './openapi.ts'
import { demand, demandAnywhere, demandIn, demandOf } from './permissions.ts'
import { registerRoute, writerOf } from './register.ts'
import { collectSchemas, pluginRouteKey } from './schemas.ts'

export interface ApiOptions {
  readonly wiring: ServerWiring
  readonly domain: Domain
  readonly distribution: Distribution
  readonly log: Log
  /** What `validators.js` exports; absent when running from source. */
  readonly compiled?: CompiledSchemas | undefined
  /** Folder with `admin/` and `store/`; absent where another program serves them. */
  readonly publicFolder?: string | undefined
  readonly services?: readonly RunningService[]
  /** A token of the service's plugin → the user it stands for. */
  readonly serviceTokens?: ReadonlyMap<string, User>
  /** Addresses whose x-forwarded-… are believed. Default: the loopback and private ranges a proxy of ours stands in. */
  readonly trustProxy?: string | false
  /** How often a stream without news shows that it lives. Default: 20,000. */
  readonly heartbeatMs?: number
  /** What closing waits for, with requests still answered. Default: nothing. */
  readonly drained?: () => Promise<unknown>
}

/** A connection that a proxy keeps is made anew after so many requests: an API that was added gets its share of them. */
const requestsPerConnection = 1000

/** Makes the HTTP server of a distribution, ready to listen: core's routes, each plugin's in a scope of its own, both apps. */
export async function createApi(options: ApiOptions): Promise<FastifyInstance> {
  const { wiring, domain, distribution, log } = options
  const compiled = await compiledFor(collectSchemasUnless(options), options.compiled)
  const app: FastifyInstance = fastify({
    logger: false,
    exposeHeadRoutes: false,
    trustProxy: options.trustProxy ?? 'loopback,uniquelocal',
    genReqId: () => randomUUID(),
    frameworkErrors: answerBadAddress,
    maxRequestsPerSocket: requestsPerConnection,
    return503OnClosing: false,
    // Every route brings its own compiled functions; fastify's own compilers are never loaded.
    schemaController: {
      compilersFactory: { buildValidator: neverUsed, buildSerializer: neverUsed },
    },
  })
  await app.register(cookie)
  await countAddresses(app)
  setSecurityHeaders(app)
  answerWithProblems(app, log)
  logRequests(app, log)
  const live = createLive(options.heartbeatMs ?? 20_000)
  const limit = limitOf(domain)
  const drain = drainOnClose(app, options.drained ?? (async () => {}))
  app.addHook('preClose', async () => live.close())
  const userOf = rememberPerRequest(async (request) => findUser(request, options))

  for (const [key, { shape, handle }] of Object.entries(coreRoutes))
    app.register(async (scope) => {
      if (shape.raw) takeBytes(scope)
      else dropForms(scope)
      const registered = { ...shape, ...(shape.isLimited ? { config: limit } : {}) }
      registerRoute(scope, compiled, key, registered, allow(shape), async (request, reply) => {
        const user = await userOf(request)
        if (shape.within === 'input')
          demandIn(user, shape.permission, await storeOfInput(domain, request.body))
        return asked(request, { key, shape }, user, () =>
          handle(
            { params: request.params, query: request.query, body: bodyOf(shape, request) },
            {
              domain,
              distribution,
              plugins: wiring.plugins,
              user,
              live,
              problemOf: (error) => problemOf(error, request, log),
              http: { request, reply },
            },
          ),
        )
      })
    })

  const visitorKey = domain.keyFor('visitor')
  for (const { plugin, routes } of wiring.api.routes)
    for (const [name, { shape, handle }] of Object.entries(routes))
      app.register(async (scope) => {
        if (shape.raw) takeBytes(scope)
        else dropForms(scope)
        const key = pluginRouteKey(plugin, name)
        registerRoute(scope, compiled, key, shape, allow(shape), async (request, reply) => {
          const context = await domain.contextFor(plugin)
          const user = await userOf(request)
          const { params, query } = request
          const body = bodyOf(shape, request)
          const given = shape.raw
            ? { params, query, body, headers: harmless(request) }
            : { params, query, body }
          const run = (more: object) =>
            handle(
              given,
              Object.assign(Object.create(context) as object, {
                user,
                visitor: visitorOf({ request, reply }, visitorKey),
                ...more,
              }), // the context, with who asks
            )
          if (shape.events)
            return live.feed(
              reply,
              (leaving) =>
                run({
                  signal: AbortSignal.any([context.signal, leaving]),
                }) as AsyncIterable<unknown>, // as its type demands of a stream
              writerOf(compiled, key),
            )
          return asked(request, { key, shape, plugin }, user, async () => run({}))
        })
      })

  const document = JSON.stringify(openApi(wiring, distribution))
  app.get('/api/openapi.json', (_, reply) => reply.type('application/json').send(document))
  app.get('/health/live', async () => ({ status: 'live' }))
  app.get('/health/ready', async (_, reply) => {
    const parts = await domain.health()
    const isReady = !drain.isOn() && Object.values(parts).every(Boolean)
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready', parts })
  })
  proxyServices(app, options.services ?? [], userOf)
  if (options.publicFolder !== undefined && existsSync(options.publicFolder))
    await servePublic(app, options.publicFolder)
  else
    app.setNotFoundHandler((_, reply) =>
      reply.code(404).header('content-type', 'application/problem+json').send(notFound()),
    )
  return app

  function allow({ permission, within }: Pick<CoreShape, 'within'> & { permission: string }) {
    return async (request: FastifyRequest) => {
      checkCsrf(request)
      const user = await userOf(request)
      if (within === undefined) return demand(user, permission)
      demandAnywhere(user, permission)
      refuseUnstorable(request.params)
      const { id = '' } = request.params as { id?: string } // where it is of one thing
      await demandOf(domain, user, { permission, within }, id)
    }
  }

  /** Does what a request asks for, written down with it, and once for each key. */
  async function asked(
    request: FastifyRequest,
    {
      key,
      shape,
      plugin,
    }: {
      key: string
      shape: { permission: string; status?: number; inParts?: true; changesNothing?: true }
      plugin?: string
    },
    user: User | null,
    run: () => Promise<unknown>,
  ): Promise<unknown> {
    const operation = { key, permission: shape.permission }
    const once = isCreation(request.method, shape.status)
      ? onceOf(request, operation, user)
      : undefined
    try {
      const isNone = shape.inParts || shape.changesNothing
      const change = isNone ? undefined : changeOf(request, operation, user)
      return await domain.asked({ change, once, plugin }, run)
    } catch (error) {
      if (error instanceof Answered) return error.answer
      throw error
    }
  }
}

async function storeOfInput(domain: Domain, body: unknown): Promise<string> {
  const { storeId } = body as { storeId?: string } // checked by the schema of such a route
  return storeId ?? domain.stores.first()
}

const neverUsed = () => () => () => {
  throw new Error('a route came without its compiled functions')
}

const collectSchemasUnless = ({ wiring, compiled }: ApiOptions) =>
  compiled ? [] : collectSchemas(wiring)

/** A changing request that a browser authenticates by cookie must prove that one of our pages made it. */
function checkCsrf(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD' || bearerOf(request) !== undefined)
    return
  const session = sessionOf(request)
  const isSignIn = request.method === 'POST' && request.routeOptions.url === '/api/session'
  if (session === undefined || isSignIn) return
  if (!isCsrfTokenOf(session, request.headers['x-csrf-token']))
    throw new HttpError(403, 'This page is out of date. Reload it and try again.')
}

const bearerOf = (request: FastifyRequest) =>
  request.headers.authorization?.match(/^Bearer (\S+)$/)?.[1]

async function findUser(
  request: FastifyRequest,
  { domain, serviceTokens }: ApiOptions,
): Promise<User | null> {
  const bearer = bearerOf(request)
  if (bearer !== undefined) {
    const user = serviceTokens?.get(bearer) ?? (await domain.tokens.userOf(bearer))
    if (!user) throw new HttpError(401, 'This token is not valid.')
    return user
  }
  const session = sessionOf(request)
  return session === undefined ? null : domain.sessions.userOf(session)
}

function rememberPerRequest<T>(find: (request: FastifyRequest) => Promise<T>) {
  const found = new WeakMap<FastifyRequest, Promise<T>>()
  return (request: FastifyRequest): Promise<T> => {
    const known = found.get(request) ?? find(request)
    found.set(request, known)
    return known
  }
}

function takeBytes(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
}

/** A raw body that was not sent is one without bytes. */
const bodyOf = ({ raw }: { readonly raw?: true }, { body }: FastifyRequest) =>
  raw ? (body ?? new Uint8Array()) : body

/** What a plugin may read of a request: who signed it, and not who is signed in. */
function harmless({ headers }: FastifyRequest): Readonly<Record<string, string | undefined>> {
  const { cookie: _, authorization: __, 'x-csrf-token': ___, ...rest } = headers
  return Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  )
}

// A form can be posted from another site without the browser asking; JSON cannot.
function dropForms(scope: FastifyInstance): void {
  scope.removeContentTypeParser('text/plain')
}

// The id of an invoice in a page's address is the right to see it.
const withoutIds = (url: string) => url.replace(/\?.*/, '').replaceAll(/[^/]{16,}/g, '…')

function logRequests(app: FastifyInstance, log: Log): void {
  app.addHook('onResponse', (request, reply, done) => {
    if (!request.url.startsWith('/health/'))
      log.info('request', {
        request: request.id,
        method: request.method,
        path: request.routeOptions.url ?? withoutIds(request.url),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      })
    done()
  })
}

export { collectSchemas } from './schemas.ts'
export type { CompiledSchemas } from './compiled.ts'
export type { RunningService } from './http/services.ts'
