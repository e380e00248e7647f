import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import { fromKysely, PgBoss, type KyselyTransactionLike } from 'pg-boss'
import type { Log } from '@bitcartcc/sdk/server'
import type { Database } from './database.ts'
import { executeSql } from './queue-sql.ts'
import { noMigrations, queueNames, queueSchema } from './queue-schema.ts'
import { toldRarely } from './told-rarely.ts'
import { newId } from './world.ts'

/** One delivery: a job of a plugin, or an event for all listeners of one plugin. */
export type Delivery =
  | { readonly plugin: string; readonly job: string; readonly payload: unknown }
  | { readonly plugin: string; readonly event: string; readonly payload: unknown }

export interface Schedule {
  readonly plugin: string
  readonly job: string
  /** Five fields of cron, UTC. */
  readonly every: string
}

/** The transaction of the data. */
export type Within = KyselyTransactionLike

export interface SendOptions {
  readonly key?: string
  readonly afterSeconds?: number
}

export interface JobQueue {
  /** Within the transaction that is given, the delivery exists if it commits. */
  send(within: Within | undefined, delivery: Delivery, options?: SendOptions): Promise<void>
  /** Tells the workers of this process to look now for what was sent within a transaction that has committed. */
  nudge(within: Within | undefined): void
  work(
    deliver: (delivery: Delivery, signal: AbortSignal) => Promise<void>,
    schedules: readonly Schedule[],
  ): Promise<void>
  /** What time starts, by the worker that started last; each with when it is due next. */
  schedules(): Promise<readonly (Schedule & { readonly nextAt: Date })[]>
  drain(): Promise<void>
  close(): Promise<void>
}

/** `the database system is starting up (Queue: jobs, Worker: e849ed32-…)`: each worker says it. */
const withoutWorker = (message: string) => message.replace(/ \(Queue: [^()]*\)$/, '')

/** The queue of jobs and events, in the same database as the data. */
export async function createJobQueue(database: Database, log: Log): Promise<JobQueue> {
  const { pool } = database
  const common = {
    db: {
      async executeSql(text: string, values?: unknown[]) {
        const client = await pool.connect()
        try {
          return await executeSql(client, text, values)
        } finally {
          client.release()
        }
      },
    },
    schema: queueSchema,
    backend: database.kind === 'embedded' ? ('pglite' as const) : ('postgres' as const),
    migrate: false,
    migrations: noMigrations,
    createSchema: false,
  }
  const broken = toldRarely((message, times) =>
    log.error('the queue reports an error', { message, times }),
  )
  const start = async (work: boolean) => {
    const boss = new PgBoss({
      ...common,
      supervise: work,
      schedule: work,
      superviseIntervalSeconds: 10,
      // How often it is looked for workers that are silent; else it would be a minute.
      monitorIntervalSeconds: 10,
    })
    boss.on('error', (error) => broken(withoutWorker(error.message)))
    boss.on('warning', (warning) => log.warn(`the queue warns: ${warning.message}`))
    return boss.start()
  }
  const sender = await start(false)

  let worker: PgBoss | undefined
  const workerIds = new Map<QueueName, string>()
  const wake = (names: Iterable<QueueName>) => {
    for (const name of names) worker?.notifyWorker(workerIds.get(name) ?? '')
  }
  const sent = new WeakMap<Within, Set<QueueName>>()
  return {
    nudge: (within) => wake((within && sent.get(within)) ?? []),
    async send(within, delivery, options = {}) {
      const name = queueOf(delivery)
      if (within) sent.set(within, (sent.get(within) ?? new Set()).add(name))
      await sender.send(name, delivery, {
        ...('job' in delivery
          ? { singletonKey: `${delivery.plugin}/${delivery.job}/${options.key ?? `#${newId()}`}` }
          : {}),
        ...(options.afterSeconds ? { startAfter: Math.ceil(options.afterSeconds) } : {}),
        ...(within ? { db: fromKysely(within) } : {}),
      })
      if (!within) wake([name])
    },
    async work(deliver, schedules) {
      if (worker) throw new Error('the queue is worked on already')
      worker = await start(true)
      // Nobody else can have an embedded database open: what is begun there was so when its server was killed.
      if (database.kind === 'embedded') await giveBack(worker, database)
      await keepSchedules(worker, schedules)
      const options = {
        batchSize: 1,
        pollingIntervalSeconds: 1,
        localConcurrency: database.kind === 'embedded' ? 2 : 5,
      }
      for (const name of queueNames) {
        const id = await worker.work<Delivery>(name, options, async ([job]) => {
          if (job) await deliver(job.data, job.signal)
        })
        workerIds.set(name, id)
      }
    },
    async schedules() {
      return (await sender.getSchedules()).flatMap(({ key, cron }) => {
        const [plugin = '', job = ''] = key.split('/')
        return sender
          .previewSchedule(cron, { count: 1 })
          .map((nextAt) => ({ plugin, job, every: cron, nextAt }))
      })
    },
    async drain() {
      for (;;) {
        const { rows } = await sql<{ left: boolean }>`
          select exists (select from jobs.job where name = any(${[...queueNames]}) and (state in ('active', 'retry') or (state = 'created' and start_after <= now()))) as left`.execute(
          database.db,
        )
        if (!rows[0]?.left) return
        wake(queueNames)
        await sleep(50)
      }
    },
    async close() {
      await worker?.stop({ graceful: true, close: false, timeout: 20_000 })
      await sender.stop({ graceful: false, close: false })
    },
  }
}

type QueueName = (typeof queueNames)[number]

const queueOf = (delivery: Delivery): QueueName => {
  if (!('job' in delivery)) return 'events'
  const isOutward = ['deliver-webhook', 'send-notice'].includes(delivery.job)
  return delivery.plugin === 'core' && isOutward ? 'webhooks' : 'jobs'
}

/** Ends what is begun as one try that failed, so that the next follows as it does after any other. */
async function giveBack(boss: PgBoss, { db }: Database) {
  const { rows } = await sql<{ name: string; id: string }>`
    select name, id from jobs.job where name = any(${[...queueNames]}) and state = 'active'`.execute(
    db,
  )
  for (const [name, begun] of Map.groupBy(rows, (row) => row.name))
    await boss.fail(
      name,
      begun.map(({ id }) => id),
      { message: 'The server ended while it ran.' },
    )
}

/** Schedules are rows: those of a plugin that left go, and what is there already is not written again. */
async function keepSchedules(boss: PgBoss, schedules: readonly Schedule[]) {
  const wanted = new Map(
    schedules.map(({ plugin, job, every }) => {
      const key = `${plugin}/${job}`
      const data: Delivery = { plugin, job, payload: {} }
      return [key, { every, data, options: { key, tz: 'UTC', singletonKey: `${key}/schedule` } }]
    }),
  )
  const there = new Map((await boss.getSchedules()).map((row) => [row.key, row]))
  for (const { name, key } of there.values()) if (!wanted.has(key)) await boss.unschedule(name, key)
  for (const [key, { every, data, options }] of wanted) {
    const row = there.get(key)
    const isThere =
      row?.cron === every &&
      isDeepStrictEqual(row.data, data) &&
      isDeepStrictEqual(row.options, options)
    if (!isThere) await boss.schedule('jobs', every, data, options)
  }
}
