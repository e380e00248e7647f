import { readFileSync } from 'node:fs'
import type pg from 'pg'
import { openDatabase } from './database.ts'
import type { MigrationPlan } from './migration-plan.ts'
import { migrate } from './migrator.ts'
import { planWith } from './test-support.ts'

// Another process for tests: `hold <dataDir>` opens the embedded database and keeps it; `migrate <dataDir> <plugin> <files> <url>` dies
// by SIGKILL where it would send a statement that says `die here`; `crash <dataDir> <plan> <exports> <statement> <when> <url>` before or
// after it has sent so many statements, or never for 0, and then says how many it sent.
const [, , act, dataDir = '', ...rest] = process.argv
const url = rest.at(act === 'crash' ? 4 : 2)
const database = await openDatabase({
  url: url || undefined,
  dataDir,
  embedded: () => import('./embedded.ts'),
})
const die = () => process.kill(process.pid, 'SIGKILL')

type Query = (...given: unknown[]) => unknown
/** A pool whose connections send their statements by another function. */
function sending(send: (query: Query, given: unknown[]) => unknown): pg.Pool {
  const connect = database.pool.connect.bind(database.pool)
  const changed = async () => {
    const client = await connect()
    const query = client.query.bind(client) as Query // every overload in one
    return Object.assign(client, { query: (...given: unknown[]) => send(query, given) })
  }
  return Object.assign(database.pool, { connect: changed })
}

if (act === 'hold') {
  process.stdout.write('open\n')
  setInterval(() => {}, 60_000)
} else if (act === 'crash') {
  const [planFile = '', exportsFolder = '', at, when] = rest
  const plan = JSON.parse(readFileSync(planFile, 'utf8')) as MigrationPlan // written by the test
  let sent = 0
  const pool = sending(async (query, given) => {
    const isLast = ++sent === Number(at)
    if (isLast && when === 'before') die()
    const result = await query(...given)
    if (isLast) die()
    return result
  })
  await migrate(pool, plan, { exportsFolder })
  process.stdout.write(`sent ${sent}\n`)
  await database.close()
} else {
  const [plugin = '', files = '{}'] = rest
  const pool = sending((query, given) => {
    if (typeof given[0] === 'string' && given[0].includes('die here')) die()
    return query(...given)
  })
  await migrate(pool, planWith(plugin, JSON.parse(files) as Record<string, string>)) // written by the test
  await database.close()
}
