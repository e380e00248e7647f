import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type pg from 'pg'
import type { Log } from '@bitcartcc/sdk/server'
import type { Database } from './database.ts'
import type { CoreDb } from './world.ts'

const channel = 'core_invoices'
const pauseMs = 1000

/** Who wants to know that an invoice changed. */
export interface InvoiceNews {
  /** Says within a transaction that an invoice changes; it is told if that commits. */
  change(db: CoreDb, invoiceId: string): Promise<void>
  /** Says that such a transaction has committed. */
  committed(invoiceIds: readonly string[]): void
  /** Calls at each change, and where one may have been missed; gives what ends it. */
  watch(invoiceId: string, changed: () => void): Promise<() => void>
  close(): Promise<void>
}

/** Carries news of invoices: over NOTIFY to every process on a server, within this process on the embedded database. */
export function createInvoiceNews(database: Database, log: Log): InvoiceNews {
  const watchers = new Map<string, Set<() => void>>()
  const tell = (invoiceId: string) => watchers.get(invoiceId)?.forEach((changed) => changed())
  const line =
    database.kind === 'postgres'
      ? openLine(database.pool, log, tell, () => [...watchers.keys()].forEach(tell))
      : undefined
  return {
    async change(db, invoiceId) {
      if (line) await sql`select pg_notify(${channel}, ${invoiceId})`.execute(db)
    },
    committed(invoiceIds) {
      if (!line) invoiceIds.forEach(tell)
    },
    async watch(invoiceId, changed) {
      await line?.listen()
      const all = watchers.get(invoiceId) ?? new Set()
      watchers.set(invoiceId, all.add(changed))
      return () => {
        all.delete(changed)
        if (all.size === 0 && watchers.get(invoiceId) === all) watchers.delete(invoiceId)
      }
    },
    close: async () => line?.close(),
  }
}

/** One connection that listens, from the first watcher on; where it breaks another follows, and everybody looks again. */
function openLine(pool: pg.Pool, log: Log, told: (invoiceId: string) => void, missed: () => void) {
  let listening: Promise<pg.PoolClient> | undefined
  let isClosed = false
  const begin = async (): Promise<pg.PoolClient> => {
    const client = await pool.connect()
    client.on('notification', ({ payload }) => told(payload ?? ''))
    client.on('error', (error) => {
      client.release(error)
      listening = undefined
      log.warn('the connection that listens for invoices broke', { error: error.message })
      void again()
    })
    try {
      await client.query(`listen ${channel}`)
    } catch (error) {
      client.release(true)
      throw error
    }
    return client
  }
  const listen = async () => {
    listening ??= begin()
    const mine = listening
    try {
      await mine
    } catch (error) {
      if (listening === mine) listening = undefined
      throw error
    }
  }
  const again = async () => {
    while (!isClosed) {
      await sleep(pauseMs, undefined, { ref: false })
      const isBack = await listen().then(
        () => true,
        () => false,
      )
      if (isBack) return missed()
    }
  }
  return {
    listen,
    async close() {
      isClosed = true
      const client = await listening?.catch(() => undefined)
      client?.removeAllListeners('error')
      client?.on('error', () => {})
      client?.release(true)
    },
  }
}
