import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { CoreEvents, Log } from '@bitcartcc/sdk/server'
import type { PluginFacts } from '@bitcartcc/sdk/wiring'
import type { CoreTables } from './tables.ts'
import type { Listener } from './told.ts'

export type CoreDb = Kysely<CoreTables>

/** One transaction of core: rows and events together, or neither. */
export interface CoreTx {
  readonly db: CoreDb
  emit<E extends keyof CoreEvents>(event: E, payload: CoreEvents[E]): Promise<void>
  /** Who is told of what happens in a store, where that was read already. */
  know(storeId: string, listeners: readonly Listener[]): void
  /**
   * Asks the last statement of the transaction together with its end: what it locks is free a way to the database sooner.
   * What follows it must not fail any more.
   */
  last<T>(ask: () => Promise<T>): Promise<T>
}

/** What every noun of the domain stands on. */
export interface World {
  readonly db: CoreDb
  transaction<T>(run: (tx: CoreTx) => Promise<T>): Promise<T>
  /** Core first, then the plugins by name. */
  readonly facts: ReadonlyMap<string, PluginFacts>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly dataDir: string
  readonly log: Log
}

/** An opaque identifier nobody can guess: 128 random bits. */
export const newId = () => randomBytes(16).toString('base64url')
