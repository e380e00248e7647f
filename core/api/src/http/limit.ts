import rateLimit from '@fastify/rate-limit'
import type { FastifyContextConfig, FastifyInstance } from 'fastify'
import type { Domain } from '@bitcartcc/domain/domain'
import { HttpError } from '@bitcartcc/sdk/server'

/** Counts what each address asks for, in this process; only routes that bring `limitOf` are counted. */
export async function countAddresses(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, { global: false })
}

/** The limit of routes with which a stranger makes rows: one count for all of them, as the setting says; 0 is none. */
export function limitOf({ settings }: Domain): FastifyContextConfig {
  const max = async () => Number((await settings.of('core'))['ordersPerMinute'])
  return {
    rateLimit: {
      max,
      timeWindow: 60_000,
      groupId: 'buyers',
      allowList: async () => (await max()) === 0,
      errorResponseBuilder: () =>
        new HttpError(429, 'Too much was asked for from here. Try again in a minute.'),
    },
  }
}
