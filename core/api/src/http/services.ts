import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Distribution, User } from '@bitcartcc/sdk/resources'
import { HttpError } from '@bitcartcc/sdk/server'
import { demand } from '../permissions.ts'
import { notFound } from './problems.ts'

// Not imported: that would load Node’s whole HTTP client at every start.
const { request: httpRequest } = process.getBuiltinModule('node:http')

type Service = Distribution['services'][number]
/** A service of this distribution that runs beside the server, as a child process. */
export interface RunningService {
  readonly service: Service
  /** Its port on the loopback address at this moment; undefined while it is down. */
  readonly port: () => number | undefined
}

// RFC 9110, 7.6.1: they speak of one connection, not of the message.
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'cookie',
  'authorization',
  'content-length',
])

const passed = (headers: IncomingHttpHeaders) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => value !== undefined && !hopByHop.has(name)),
  )

/** Puts each exposed service under its path of the one domain, as the proxy does where there is one. */
export function proxyServices(
  app: FastifyInstance,
  services: readonly RunningService[],
  userOf: (request: FastifyRequest) => Promise<User | null>,
): void {
  for (const { service, port } of services) {
    const prefix = service.path
    if (prefix === null) continue
    app.register(async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
      scope.route({
        method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
        url: `${prefix}*`,
        handler: async (request, reply) => {
          const path = request.raw.url ?? '/'
          const rest = path.slice(prefix.length)
          if (rest !== '' && !/^[/?]/.test(rest))
            return reply
              .code(404)
              .header('content-type', 'application/problem+json')
              .send(notFound())
          if (service.auth === 'admin') demand(await userOf(request), 'user')
          const to = port()
          if (to === undefined)
            return reply
              .code(503)
              .header('retry-after', '5')
              .header('content-type', 'text/plain; charset=utf-8')
              .send(`${service.name} is starting. Try again in a moment.\n`)
          const answer = await forward({
            port: to,
            method: request.method,
            path: service.stripPrefix ? (rest.startsWith('/') ? rest : `/${rest}`) : path,
            headers: {
              ...passed(request.headers),
              'x-forwarded-for': request.ip,
              'x-forwarded-host': request.host,
              'x-forwarded-proto': request.protocol,
              'x-forwarded-prefix': prefix,
            },
            body: request.body,
          }).catch(() => {
            throw new HttpError(502, `${service.name} does not answer.`)
          })
          reply.code(answer.statusCode ?? 502)
          for (const [name, value] of Object.entries(answer.headers))
            if (value !== undefined && (!hopByHop.has(name) || name === 'content-length'))
              reply.header(name, value)
          return reply.send(answer)
        },
      })
    })
  }
}

interface Forwarded {
  readonly port: number
  readonly method: string
  readonly path: string
  readonly headers: Record<string, unknown>
  readonly body: unknown
}

const forward = ({ port, method, path, headers, body }: Forwarded) =>
  new Promise<IncomingMessage>((done, fail) => {
    const outgoing = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: headers as Record<string, string>,
        timeout: 30_000,
      },
      done,
    ) // filtered above: no undefined
    outgoing.on('error', fail)
    outgoing.on('timeout', () => outgoing.destroy(new Error('the service did not answer in 30 s')))
    if (body && typeof body === 'object' && 'pipe' in body)
      (body as NodeJS.ReadableStream).pipe(outgoing) // the parser above passes the stream
    else outgoing.end()
  })
