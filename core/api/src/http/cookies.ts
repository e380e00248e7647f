import type {} from '@fastify/cookie'
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

const sessionCookie = 'session'
const visitorCookie = 'visitor'
const aYearInSeconds = 31_536_000

interface Http {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

const baseOf = (request: FastifyRequest) =>
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure: request.protocol === 'https' }) as const

export const sessionOf = (request: FastifyRequest): string | undefined =>
  request.cookies[sessionCookie] || undefined

export function setSessionCookie({ request, reply }: Http, session: string): void {
  reply.setCookie(sessionCookie, session, { ...baseOf(request), maxAge: 30 * 86_400 })
}

export function clearSessionCookie({ request, reply }: Http): void {
  reply.clearCookie(sessionCookie, baseOf(request))
}

/** Known only to whoever can read an answer under this session; another site cannot. */
export const csrfTokenOf = (session: string): string =>
  createHash('sha256').update(`csrf:${session}`).digest('base64url')

export function isCsrfTokenOf(session: string, token: unknown): boolean {
  const wanted = Buffer.from(csrfTokenOf(session))
  const given = Buffer.from(typeof token === 'string' ? token : '')
  return wanted.length === given.length && timingSafeEqual(wanted, given)
}

/** The opaque id of this browser, from its signed cookie, which is set where it is missing or forged. */
export function visitorOf({ request, reply }: Http, key: Uint8Array): string {
  const sign = (id: string) => createHmac('sha256', key).update(id).digest('base64url').slice(0, 32)
  const [id, signature] = (request.cookies[visitorCookie] ?? '').split('.')
  if (id && signature && signature === sign(id)) return id
  const fresh = randomBytes(16).toString('base64url')
  reply.setCookie(visitorCookie, `${fresh}.${sign(fresh)}`, {
    ...baseOf(request),
    maxAge: aYearInSeconds,
  })
  return fresh
}
