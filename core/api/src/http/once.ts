import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Once } from '@bitcartcc/domain/asked'
import type { User } from '@bitcartcc/sdk/resources'
import { HttpError } from '@bitcartcc/sdk/server'

/** Says whether an operation makes something: a POST that answers 201. Each takes `idempotency-key`. */
export const isCreation = (method: string, status: number | undefined): boolean =>
  method === 'POST' && status === 201

/**
 * Reads `idempotency-key` of a creating request; undefined where there is none. 422 where it is none, or can be guessed.
 *
 * A key belongs to who asks. Where nobody is signed in, it belongs to the address, whose id is the right to it; without an
 * id in it, the key itself must be one that nobody guesses.
 */
export function onceOf(
  request: FastifyRequest,
  { key, permission }: { readonly key: string; readonly permission: string },
  user: User | null,
): Once | undefined {
  const given = request.headers['idempotency-key']
  if (given === undefined) return undefined
  if (typeof given !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(given))
    throw unfit('must be 1 to 200 letters, digits or signs, without spaces')
  const path = request.url.replace(/\?.*/, '')
  const hasId = permission === 'public' && key.includes('/:')
  if (!user && !hasId && given.length < 16)
    throw unfit('must have at least 16 characters where nobody is signed in')
  const sent = `${request.method} ${path} ${JSON.stringify(request.body ?? null, sorted)}`
  return {
    asker: !user || hasId ? path : user.id,
    key: given,
    fingerprint: createHash('sha256').update(sent).digest('base64url'),
  }
}

const unfit = (says: string) =>
  new HttpError(422, `idempotency-key: ${says}`, [{ field: 'idempotency-key', says }])

/** The same members in another order are the same request. */
const sorted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value
