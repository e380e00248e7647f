import { AsyncLocalStorage } from 'node:async_hooks'
import { join } from 'node:path'
import {
  CompiledQuery,
  Kysely,
  PostgresDialect,
  type DatabaseConnection,
  type QueryResult,
  type Transaction,
  type TransactionBuilder,
  type TransactionSettings,
} from 'kysely'
import pg from 'pg'
import type { OpenEmbedded } from '@bitcartcc/sdk/embedded'
import { Refused } from '@bitcartcc/sdk/problem'
import { HttpError } from '@bitcartcc/sdk/server'
import { embeddedPool } from './embedded-pool.ts'
import { notedBreak } from './outage.ts'
import { askByName } from './prepared.ts'
import { readTypes } from './timestamps.ts'

/** One door to PostgreSQL: Kysely over `pg`, for the embedded database and for a server alike. */
export interface Database {
  readonly kind: 'embedded' | 'postgres'
  readonly pool: pg.Pool
  // The domain narrows it with the types of its own tables.
  readonly db: Kysely<unknown>
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** `postgres://…`; absent means the embedded database. */
  readonly url?: string | undefined
  /** Holds the folder `database` of the embedded database. */
  readonly dataDir: string
  readonly embedded?: (() => Promise<{ readonly openEmbedded: OpenEmbedded }>) | undefined
  /** Gives the tar of a prepared data folder of the embedded database, where there is none yet. */
  readonly snapshot?: (() => Uint8Array | undefined) | undefined
  readonly maxConnections?: number | undefined
}

/** Opens the database that the environment names, and answers once it has answered. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (options.url) return openServer(options.url, options.maxConnections ?? 10)
  if (!options.embedded) throw new Refused([noDatabase])
  const { openEmbedded } = await options.embedded()
  const embedded = await openEmbedded(join(options.dataDir, 'database'), {
    snapshot: options.snapshot,
  })
  return databaseOver(embeddedPool(embedded.poolConfig), 'embedded', embedded.close)
}

async function openServer(url: string, max: number): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types: readTypes,
    // What is asked is sent at once, also where an answer is still on its way.
    pipeline: true,
    connectionTimeoutMillis: 10_000,
    application_name: 'bitcartcc',
  })
  let isDirect: boolean
  try {
    const client = await pool.connect()
    try {
      const { rows } = await client.query<{ version: string; pid: number }>(
        "select current_setting('server_version_num') as version, pg_backend_pid() as pid",
      )
      const version = Number(rows[0]?.version ?? 0)
      if (version < 150_000) throw new Refused([serverTooOld(url, Math.floor(version / 10_000))])
      isDirect = isOfBackend(client, rows[0]?.pid)
      if (isDirect) askByName(client)
    } finally {
      client.release()
    }
  } catch (error) {
    await pool.end()
    throw error instanceof Refused ? error : new Refused([unreachable(url, error)])
  }
  if (isDirect) pool.on('connect', askByName)
  return databaseOver(pool, 'postgres', async () => {})
}

/** Whether the server itself answers: a pooler, which may give each statement another of its connections, names a process of its own. */
const isOfBackend = (client: pg.PoolClient, pid: number | undefined) =>
  (client as { readonly processID?: unknown }).processID === pid // there, though its types do not say so

/** The door over a pool that is open already. */
export function databaseOver(
  pool: pg.Pool,
  kind: Database['kind'],
  closeBelow: () => Promise<void>,
): Database {
  // A connection that breaks while idle is replaced by the pool at the next use.
  pool.on('error', () => {})
  guard(pool)
  const db = GuardedKysely.over(pool)
  let closing: Promise<void> | undefined
  const close = async () => {
    await pool.end()
    await closeBelow()
  }
  return { kind, pool, db, close: () => (closing ??= close()) }
}

interface OpenTransaction {
  isOpen: boolean
  /** The statement that is asked now is its last one. */
  isEnding: boolean
}
const transactions = new AsyncLocalStorage<OpenTransaction>()

export const outsideMessage =
  'The database was used outside of the transaction that is open here: use the transaction’s own db.'

/** With one connection such a query waits for ever, with many it escapes the transaction: an error in both. */
function guard(pool: pg.Pool) {
  const connect = pool.connect.bind(pool) as (callback?: ConnectCallback) => Promise<pg.PoolClient> // both overloads in one
  const guarded = (callback?: ConnectCallback) => {
    if (!transactions.getStore()?.isOpen)
      return callback ? connect(callback) : connect().catch(notedBreak)
    const error = new Error(outsideMessage)
    if (!callback) return Promise.reject(error)
    callback(error, undefined, () => {})
  }
  pool.connect = guarded as typeof pool.connect // both overloads in one
}
type ConnectCallback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: () => void,
) => void

/**
 * Asks one statement, the last of the transaction that is open here, and sends the end of the transaction with it.
 *
 * Where the statement fails, PostgreSQL ends the transaction by taking it back.
 */
export async function endingWith<T>(ask: () => Promise<T>): Promise<T> {
  const transaction = transactions.getStore()
  if (!transaction) return ask()
  transaction.isEnding = true
  return ask()
}

/**
 * PostgreSQL stores no NUL character: input that has one is refused as any other that does not fit.
 *
 * Nobody waits for the beginning of a transaction: it is sent with the first statement.
 */
class CheckedDialect extends PostgresDialect {
  override createDriver() {
    const driver = super.createDriver()
    const acquire = driver.acquireConnection.bind(driver)
    const begin = driver.beginTransaction.bind(driver)
    const checked = new WeakSet<DatabaseConnection>()
    const begun = new WeakMap<DatabaseConnection, Promise<unknown>>()
    const ended = new WeakMap<DatabaseConnection, Promise<QueryResult<unknown>>>()
    return Object.assign(driver, {
      async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings) {
        begun.set(connection, unheard(begin(connection, settings)))
      },
      async acquireConnection(...given: Parameters<typeof acquire>) {
        const connection = await acquire(...given)
        if (checked.has(connection)) return connection
        checked.add(connection)
        const execute = connection.executeQuery.bind(connection)
        return Object.assign(connection, {
          executeQuery: async (query: CompiledQuery, ...rest: never[]) => {
            const end = ended.get(connection)
            ended.delete(connection)
            if (end && query.sql === 'commit') return end
            const transaction = transactions.getStore()
            const isLast = transaction?.isEnding === true
            if (transaction) transaction.isEnding = false
            if (query.parameters.some((value) => typeof value === 'string' && value.includes('\0')))
              throw new HttpError(422, 'A text must not contain a NUL character.')
            const beginning = begun.get(connection)
            begun.delete(connection)
            const answer = unheard(execute(query, ...rest).catch(notedBreak))
            if (isLast) ended.set(connection, unheard(execute(CompiledQuery.raw('commit'))))
            await beginning
            return answer
          },
        })
      },
    })
  }
}

/** Whoever waits for it, later, hears of its failure; meanwhile nobody does. */
function unheard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

/** Kysely whose transactions know that they are open; so are the instances it gives. */
class GuardedKysely<DB> extends Kysely<DB> {
  static over(pool: pg.Pool): Kysely<unknown> {
    return new GuardedKysely<unknown>({ dialect: new CheckedDialect({ pool }) })
  }
  override withSchema(schema: string): Kysely<DB> {
    return Object.setPrototypeOf(super.withSchema(schema), GuardedKysely.prototype) as Kysely<DB> // same fields, guarded methods
  }
  override transaction(): TransactionBuilder<DB> {
    return guardedBuilder(super.transaction())
  }
}

function guardedBuilder<DB>(builder: TransactionBuilder<DB>): TransactionBuilder<DB> {
  const execute = builder.execute.bind(builder)
  return Object.assign(builder, {
    setAccessMode: (mode: Parameters<typeof builder.setAccessMode>[0]) =>
      guardedBuilder(Object.getPrototypeOf(builder).setAccessMode.call(builder, mode)),
    setIsolationLevel: (level: Parameters<typeof builder.setIsolationLevel>[0]) =>
      guardedBuilder(Object.getPrototypeOf(builder).setIsolationLevel.call(builder, level)),
    execute: <T>(run: (trx: Transaction<DB>) => Promise<T>): Promise<T> => {
      const state: OpenTransaction = { isOpen: true, isEnding: false }
      return execute((trx) => transactions.run(state, () => run(trx))).finally(() => {
        state.isOpen = false
      })
    },
  })
}

const noDatabase = {
  code: 'start/no-database' as const,
  says: 'DATABASE_URL is not set, and this distribution has no embedded database.',
  fix: [
    'Set it:   DATABASE_URL=postgres://user:password@host:5432/bitcartcc',
    'Or build with   deployment: { database: embedded }',
  ],
}

const serverTooOld = (url: string, major: number) => ({
  code: 'start/postgres-too-old' as const,
  says: `PostgreSQL ${major} is too old: this distribution needs 15 or later.`,
  facts: [[shown(url), `PostgreSQL ${major}`]],
  fix: ['Upgrade the server, or point DATABASE_URL at a newer one.'],
})

const unreachable = (url: string, error: unknown) => ({
  code: 'start/database-unreachable' as const,
  says:
    error instanceof pg.DatabaseError
      ? 'PostgreSQL turns away what DATABASE_URL says.'
      : 'PostgreSQL does not answer at the address in DATABASE_URL.',
  facts: [
    [
      shown(url),
      error instanceof AggregateError
        ? error.errors.map(String).join('; ')
        : error instanceof Error
          ? error.message
          : String(error),
    ],
  ],
  fix: [
    error instanceof pg.DatabaseError
      ? 'Check the user, the password and the name of the database in DATABASE_URL.'
      : 'Check that the server runs, and that host and port in DATABASE_URL are right.',
  ],
})

/** The address without its password. */
function shown(url: string): string {
  const parsed = URL.parse(url)
  return parsed ? `${parsed.host}${parsed.pathname}` : 'DATABASE_URL (not an address)'
}
