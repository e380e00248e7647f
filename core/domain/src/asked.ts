import { AsyncLocalStorage } from 'node:async_hooks'
import { sql } from 'kysely'
import type { Change } from './domain.ts'
import { HttpError } from '@bitcartcc/sdk/server'
import { recordChange } from './audit.ts'
import { open, seal } from './secret-key.ts'
import type { CoreDb } from './world.ts'

/** One request of somebody, as far as it reaches into transactions. */
export interface Asked {
  /** Written down with the change, in one transaction. */
  readonly change?: Change | undefined
  /** What is created under a key is created once. */
  readonly once?: Once | undefined
  /** The plugin whose route it is: its own transactions count. */
  readonly plugin?: string | undefined
}

export interface Once {
  /** Who asks: a key of one is none of another. */
  readonly asker: string
  readonly key: string
  /** Of the operation and of all that was sent. */
  readonly fingerprint: string
}

/** Thrown by a transaction whose key has its answer already. */
export class Answered extends Error {
  readonly answer: unknown
  constructor(answer: unknown) {
    super('this was asked before')
    this.name = 'Answered'
    this.answer = answer
  }
}

interface Open {
  readonly asked: Asked
  isWritten: boolean
}
const present = new AsyncLocalStorage<Open>()

/** Joins what a request asks for to the transactions that are made while it runs. */
export function createAsking(key: Buffer) {
  return {
    /** Runs one request; what no transaction wrote down by then is written down after it. */
    async asked<T>(db: CoreDb, asked: Asked, run: () => Promise<T>): Promise<T> {
      if (!asked.change && !asked.once) return run()
      const request: Open = { asked, isWritten: false }
      const result = await present.run(request, run)
      if (asked.change && !request.isWritten) await recordChange(db, asked.change)
      return result
    },
    /** Runs a transaction of core, or of a plugin, and adds to it what the request asks for; the first of a request is the one that changes. */
    async within<T>(db: CoreDb, plugin: string | undefined, run: () => Promise<T>): Promise<T> {
      const request = present.getStore()
      if (!request || !counts(request, plugin)) return run()
      const { change, once } = request.asked
      if (once) await claim(db, key, once)
      const result = await run()
      if (once)
        await db
          .updateTable('idempotency_keys')
          .set({ sealed_answer: seal(key, placeOf(once), JSON.stringify(result)) })
          .where('asker', '=', once.asker)
          .where('key', '=', once.key)
          .execute()
      if (change) await recordChange(db, change)
      return result
    },
    /** Whether a transaction goes on where what it was made for is done. */
    writesAfter(plugin: string | undefined): boolean {
      const request = present.getStore()
      return request !== undefined && counts(request, plugin)
    },
    /** Runs what is no part of the request, though it was called from there: a hook of a plugin, a worker that is woken. */
    outside: <T>(run: () => T): T => present.exit(run),
    /** The transaction stands. */
    committed(plugin: string | undefined): void {
      const request = present.getStore()
      if (request && counts(request, plugin)) request.isWritten = true
    },
  }
}
/** A plugin that core asks in between, a hook or a payment method, makes no change of this request. */
const counts = ({ isWritten, asked }: Open, plugin: string | undefined) =>
  !isWritten && (plugin === undefined || plugin === asked.plugin)

export type Asking = ReturnType<typeof createAsking>

/** Takes the key, or throws what was answered under it; one that is in use is waited for. */
async function claim(db: CoreDb, key: Buffer, once: Once): Promise<void> {
  const taken = await db
    .insertInto('idempotency_keys')
    .values({ asker: once.asker, key: once.key, fingerprint: once.fingerprint, sealed_answer: '' })
    .onConflict((on) =>
      on
        .columns(['asker', 'key'])
        .doUpdateSet({
          fingerprint: once.fingerprint,
          sealed_answer: '',
          created_at: sql<Date>`now()`,
        })
        .where('idempotency_keys.created_at', '<', sql<Date>`now() - interval '1 day'`),
    )
    .returning('key')
    .executeTakeFirst()
  if (taken) return
  const before = await db
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('asker', '=', once.asker)
    .where('key', '=', once.key)
    .executeTakeFirstOrThrow()
  if (before.fingerprint !== once.fingerprint)
    throw new HttpError(
      422,
      'This idempotency key was used for something else: take a new key for each thing you make.',
      [{ field: 'idempotency-key', says: 'was sent with another request before' }],
    )
  const text = open(key, placeOf(once), before.sealed_answer)
  if (text === undefined)
    throw new HttpError(409, 'This was made before, and its answer can no longer be read.')
  throw new Answered(JSON.parse(text))
}

const placeOf = ({ asker, key }: Once) => `answer ${asker} ${key}`
