import rateLimit from '@fastify/rate-limit'
import type { FastifyContextConfig, FastifyInstance } from 'fastify'
import type { Domain } from '@bitcartcc/domain/domain'
import { HttpError } from '@bitcartcc/sdk/server'

/** Counts what each address asks for, in this process; only routes that bring `limitOf` are counted. */
export async function countAddresses(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, { global: false })
}

/** The limit of routes with which a stranger makes rows: each counted apart, as the setting says; 0 is none. */
export function limitOf({ settings }: Domain): FastifyContextConfig {
  return {
    rateLimit: {
      max: keptASecond(
        async () =>
          Number((await settings.of('core'))['ordersPerMinute']) || Number.MAX_SAFE_INTEGER,
      ),
      timeWindow: 60_000,
      errorResponseBuilder: () =>
        new HttpError(429, 'Too much was asked for from here. Try again in a minute.'),
    },
  }
}

/** Reads once a second at most: what counts a minute need not ask the database before each order. What fails is not kept. */
function keptASecond<T>(read: () => Promise<T>): () => Promise<T> {
  let kept: { readonly at: number; readonly value: Promise<T> } | undefined
  return () => {
    if (kept && Math.abs(Date.now() - kept.at) < 1000) return kept.value
    const now = { at: Date.now(), value: read() }
    kept = now
    now.value.catch(() => {
      if (kept === now) kept = undefined
    })
    return now.value
  }
}
