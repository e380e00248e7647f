import { sql, type RawBuilder } from 'kysely'
import type { Job, JobState, ParkedJobs } from '@bitcartcc/sdk/resources'
import type { PluginFacts } from '@bitcartcc/sdk/wiring'
import type { Delivery, JobQueue } from './jobs.ts'
import type { Domain } from './domain.ts'
import { hiding, payloadText, type Hide } from './job-secrets.ts'
import { reasonOf } from './notice-tries.ts'
import { queueNames } from './queue-schema.ts'
import { conflict, notFound } from './refusals.ts'
import { isUuid, sorted, type Placed } from './sorting.ts'
import type { CoreDb, World } from './world.ts'

interface Row {
  readonly id: string
  readonly state: keyof typeof states
  readonly tries: number
  readonly data: Delivery
  readonly output: unknown
  readonly created_on: Date
  readonly started_on: Date | null
  readonly start_after: Date
  readonly completed_on: Date | null
}

/** What the queue calls them. Nobody cancels here. */
const states = {
  created: 'waiting',
  retry: 'waiting',
  active: 'running',
  completed: 'done',
  cancelled: 'done',
  failed: 'parked',
} as const satisfies Record<string, JobState>

const columns = sql`id, state, retry_count + (started_on is not null)::integer as tries, data, output, created_on, started_on, start_after, completed_on`
const ours = sql`name = any(${[...queueNames]})`
const plugin = sql`data->>'plugin'`
const kind = sql`case when data->>'job' is null then 'event' else 'job' end`
const name = sql`coalesce(data->>'job', data->>'event')`

/** Jobs of one transaction were made at one time. */
const newestFirst = {
  name: 'newest',
  by: { sql: sql`(extract(epoch from created_on) * 1000000)::bigint`, type: 'bigint' },
  key: { sql: sql`id`, type: 'uuid' },
  isDescending: true,
} as const

/** What is in the queue, and what became of it; what is parked runs again. */
export function createParkedJobs(
  world: World,
  queue: JobQueue,
  settings: Domain['settings'],
): Domain['jobs'] {
  const { db, facts } = world
  /** What shows rows, with the secrets of their plugins hidden. */
  const viewOf = async (rows: readonly Row[]) => {
    const hides = new Map<string, Hide>()
    for (const each of new Set(rows.map(({ data }) => data.plugin)))
      hides.set(each, hiding(facts.get(each), await settings.of(each)))
    return (row: Row) => jobOf(row, facts, hides.get(row.data.plugin) ?? ((text) => text))
  }
  return {
    async list({ state, plugin: whose, cursor, limit }) {
      const list = sorted(newestFirst, cursor)
      const ofState = Object.entries(states).flatMap(([each, is]) => (is === state ? [each] : []))
      const { rows } = await sql<Row & Placed>`
        select ${columns}, ${sql.join(list.columns)} from jobs.job
        where ${ours} and ${list.after}
          and ${state === undefined ? sql`true` : sql`state = any(${ofState}::jobs.job_state[])`}
          and ${whose === undefined ? sql`true` : sql`${plugin} = ${whose.replaceAll('\0', '')}`}
        order by ${list.order} limit ${limit + 1}`.execute(db)
      return list.pageOf(rows, limit, await viewOf(rows))
    },
    async counts() {
      const counted = await sql<{ state: Row['state']; count: number }>`
        select state, count(*)::integer as count from jobs.job where ${ours} and state <> 'completed' group by state`.execute(
        db,
      )
      const of = (state: JobState) =>
        counted.rows.reduce((sum, row) => sum + (states[row.state] === state ? row.count : 0), 0)
      const named = await sql<ParkedJobs>`
        select ${kind} as kind, ${plugin} as plugin, ${name} as name, count(*)::integer as count from jobs.job
        where ${ours} and state = 'failed' group by 1, 2, 3 order by 4 desc, 2, 3 limit 100`.execute(
        db,
      )
      const { rows: parkedByName } = named
      return {
        waiting: of('waiting'),
        running: of('running'),
        parked: of('parked'),
        parkedByName,
      }
    },
    async schedules() {
      const { rows } = await sql<{ key: string; state: Row['state']; at: Date }>`
        select distinct on (singleton_key) singleton_key as key, state, completed_on as at from jobs.job
        where name = 'jobs' and singleton_key like '%/schedule' and completed_on is not null
        order by singleton_key, completed_on desc`.execute(db)
      const ended = new Map(rows.map((row) => [row.key, row]))
      return (await queue.schedules())
        .map(({ nextAt, ...schedule }) => {
          const last = ended.get(`${schedule.plugin}/${schedule.job}/schedule`)
          return {
            ...schedule,
            nextAt: nextAt.toISOString(),
            lastAt: last?.at.toISOString() ?? null,
            lastState: last ? states[last.state] : null,
          }
        })
        .toSorted((a, b) => (`${a.plugin} ${a.job}` < `${b.plugin} ${b.job}` ? -1 : 1))
    },
    async runAgain(id) {
      const row = await world.transaction(async (tx) => {
        await holdParked(tx.db, id)
        await runAgain(tx.db, sql`id = ${id}::uuid`)
        return rowAt(tx.db, id)
      })
      if (!row) throw new Error('a job that is held cannot go')
      return (await viewOf([row]))(row)
    },
    runAllAgain: (of) =>
      world.transaction((tx) =>
        runAgain(
          tx.db,
          sql`${kind} = ${of.kind} and ${plugin} = ${of.plugin} and ${name} = ${of.name}`,
        ),
      ),
    remove: (id) =>
      world.transaction(async (tx) => {
        await holdParked(tx.db, id)
        await sql`delete from jobs.job where ${ours} and id = ${id}::uuid`.execute(tx.db)
      }),
  }
}

/** As the queue itself retries: one more try than it had, at once. Gives how many. */
async function runAgain(db: CoreDb, which: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows } = await sql`
    update jobs.job set state = 'retry', retry_limit = retry_count + 1, completed_on = null, start_after = now()
    where ${ours} and state = 'failed' and ${which}`.execute(db)
  return Number(numAffectedRows ?? 0)
}

async function rowAt(db: CoreDb, id: string, forUpdate = false): Promise<Row | undefined> {
  if (!isUuid(id)) return undefined
  const { rows } = await sql<Row>`
    select ${columns} from jobs.job where ${ours} and id = ${id}::uuid ${forUpdate ? sql`for update` : sql``}`.execute(
    db,
  )
  return rows[0]
}

async function holdParked(db: CoreDb, id: string): Promise<void> {
  const row = await rowAt(db, id, true)
  if (!row) throw notFound('job')
  const state = states[row.state]
  if (state !== 'parked') throw conflict(`This job is ${state}, and not parked any more.`)
}

function jobOf(row: Row, facts: ReadonlyMap<string, PluginFacts>, hide: Hide): Job {
  const { data, completed_on: ended } = row
  const state = states[row.state]
  return {
    id: row.id,
    kind: 'job' in data ? 'job' : 'event',
    plugin: data.plugin,
    name: 'job' in data ? data.job : data.event,
    state,
    tries: row.tries,
    payload: payloadText(data, schemaOf(data, facts), hide),
    failure: state === 'done' || row.output === null ? null : hide(failureOf(row.output)),
    createdAt: row.created_on.toISOString(),
    startedAt: row.started_on?.toISOString() ?? null,
    nextTryAt: state === 'waiting' ? row.start_after.toISOString() : null,
    endedAt: ended?.toISOString() ?? null,
  }
}

/** What a plugin says of what it queues and emits; core's own events hold ids alone. */
function schemaOf(data: Delivery, facts: ReadonlyMap<string, PluginFacts>): object | undefined {
  if ('job' in data) return facts.get(data.plugin)?.jobs[data.job]
  const [emitter = '', event = ''] = data.event.split('.')
  return facts.get(emitter)?.emits[event]
}

/** What the queue keeps of an error: its own fields; of one of its own, a message below `value`. */
function failureOf(output: unknown): string {
  const { message, value } = output as { message?: unknown; value?: { message?: unknown } } // an object, as the queue stores them
  const says = message ?? value?.message ?? value
  return reasonOf(typeof says === 'string' ? says : JSON.stringify(output))
}
