import { openDatabase } from './database.ts'
import { migrate } from './migrator.ts'
import { planWith } from './test-support.ts'

// Another process for tests: `hold <dataDir>` opens the embedded database and keeps it; `migrate <dataDir> <plugin> <files> <url>` dies
// by SIGKILL where it would send a statement that says `die here`.
const [, , act, dataDir = '', plugin = '', files = '{}', url] = process.argv
const database = await openDatabase({
  url: url || undefined,
  dataDir,
  embedded: () => import('./embedded.ts'),
})
if (act === 'hold') {
  process.stdout.write('open\n')
  setInterval(() => {}, 60_000)
} else {
  const connect = database.pool.connect.bind(database.pool)
  const dying = async () => {
    const client = await connect()
    const query = client.query.bind(client) as (...given: unknown[]) => unknown // every overload in one
    const deadly = (...given: unknown[]) => {
      if (typeof given[0] === 'string' && given[0].includes('die here'))
        process.kill(process.pid, 'SIGKILL')
      return query(...given)
    }
    return Object.assign(client, { query: deadly })
  }
  await migrate(
    Object.assign(database.pool, { connect: dying }),
    planWith(plugin, JSON.parse(files) as Record<string, string>),
  ) // written by the test
  await database.close()
}
