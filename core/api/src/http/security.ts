import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "script-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
].join('; ')

const always: readonly (readonly [string, string])[] = [
  ['content-security-policy', contentSecurityPolicy],
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'same-origin'],
  ['x-frame-options', 'DENY'],
  ['cross-origin-opener-policy', 'same-origin'],
]

/** Sets them on every answer; one that set its own keeps it. */
export function setSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, _, done) => {
    addSecurityHeaders(request, reply)
    done()
  })
}

/** Adds to one answer the headers that keep a browser strict; those it has, stay. */
export function addSecurityHeaders(request: FastifyRequest, reply: FastifyReply): void {
  for (const [name, value] of always) if (!reply.hasHeader(name)) reply.header(name, value)
  if (!reply.hasHeader('x-request-id')) reply.header('x-request-id', request.id)
  if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
    reply.header('cache-control', 'no-store')
}
