import type { FastifyRequest } from 'fastify'
import type { Change } from '@bitcartcc/domain/domain'
import type { User } from '@bitcartcc/sdk/resources'

/** The change that a request of a user makes; undefined where it makes none: what buyers do is no change of a user. */
export function changeOf(
  request: FastifyRequest,
  { key, permission }: { readonly key: string; readonly permission: string },
  user: User | null,
): Change | undefined {
  if (request.method === 'GET' || (permission === 'public' && key !== 'POST /api/users'))
    return undefined
  if (!user) return undefined
  return {
    user,
    isByToken: request.headers.authorization !== undefined,
    action: key,
    path: request.url.replace(/\?.*/, ''),
    address: request.ip,
  }
}
