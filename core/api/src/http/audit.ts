import type { FastifyRequest } from 'fastify'
import type { Domain } from '@bitcartcc/domain/domain'
import type { User } from '@bitcartcc/sdk/resources'
import type { Log } from '@bitcartcc/sdk/server'

/** Gives what writes down a change that a user made, once it is made; what buyers do is no change of a user. */
export function createAuditor(
  domain: Domain,
  log: Log,
  userOf: (request: FastifyRequest) => Promise<User | null>,
) {
  return async (request: FastifyRequest, key: string, permission: string): Promise<void> => {
    if (request.method === 'GET' || (permission === 'public' && key !== 'POST /api/users')) return
    const user = await userOf(request)
    if (!user) return
    try {
      await domain.audit.record({
        user,
        isByToken: request.headers.authorization !== undefined,
        action: key,
        path: request.url.replace(/\?.*/, ''),
        address: request.ip,
      })
    } catch (error) {
      // The change is made: to say otherwise would have it made twice.
      log.error('a change could not be written down', {
        action: key,
        error: error instanceof Error ? error.message : String(error),
      })
    }
  }
}
