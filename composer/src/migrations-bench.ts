import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '@bitcartcc/domain/migrator'
import { openCache } from './cache/cache.ts'
import { rehearse } from './check/rehearse.ts'
import { openEmpty } from './check/test-embedded.ts'
import { planSelection } from './pipeline.ts'

/**
 * Prints how long the migrations of 50 plugins with 10 each take, seconds: planned and rehearsed without any cache, the same
 * when nothing has changed, and migrated again with nothing to do.
 */
const [plugins, each] = [50, 10]
const work = mkdtempSync(join(tmpdir(), 'compose-migrations-bench-'))
try {
  const names = Array.from({ length: plugins }, (_, at) => `p${String(at).padStart(2, '0')}`)
  for (const [at, name] of names.entries()) writePlugin(name, names[at - 3])
  writeFileSync(
    join(work, 'selection.yaml'),
    `distribution: bench\ncore: '*'\nplugins: { ${names.map((name) => `${name}: '*'`).join(', ')} }\ndeployment: { images: tags }\n`,
  )
  const cache = openCache(join(work, 'cache'))
  const options = { cwd: work, cacheDir: 'cache' }
  const run = async (isNew: boolean) => {
    const began = performance.now()
    const planned = await planSelection(join(work, 'selection.yaml'), options)
    const previous = isNew ? undefined : { lock: planned.lock, folders: [] }
    await rehearse(planned.plan, previous, cache)
    return { planned, seconds: (performance.now() - began) / 1000 }
  }
  const { planned, seconds: coldSeconds } = await run(true)
  let unchangedSeconds = Infinity
  for (let at = 0; at < 3; at++)
    unchangedSeconds = Math.min(unchangedSeconds, (await run(false)).seconds)
  const nothingSeconds = await again(planned.plan.migrations)
  const migrations = plugins * each
  process.stdout.write(
    `${JSON.stringify({ plugins, migrations, coldSeconds, unchangedSeconds, nothingSeconds })}\n`,
  )
} finally {
  rmSync(work, { recursive: true, force: true })
}

function writePlugin(name: string, needs: string | undefined): void {
  const folder = join(work, 'plugins', name)
  mkdirSync(join(folder, 'migrations'), { recursive: true })
  const plugins = needs === undefined ? '' : `, plugins: { ${needs}: '*' }`
  writeFileSync(
    join(folder, 'plugin.yaml'),
    `name: ${name}\nversion: 1.0.0\ntitle: Bench\ndescription: Bench.\nauthor: BitcartCC\nlicense: MIT\nrequires: { bitcartcc: '*'${plugins} }\ncontributes: { migrations: ./migrations }\n`,
  )
  for (let at = 1; at <= each; at++)
    writeFileSync(
      join(folder, 'migrations', `00${String(at).padStart(2, '0')}_step.sql`),
      `create table t${at} (id bigint generated always as identity primary key, name text not null);\ncreate index t${at}_name on t${at} (name);\n`,
    )
}

/** The best of five runs on a database that has nothing pending. */
async function again(migrations: Parameters<typeof migrate>[1]): Promise<number> {
  const database = await openEmpty(work)
  try {
    await migrate(database.pool, migrations)
    let seconds = Infinity
    for (let run = 0; run < 5; run++) {
      const began = performance.now()
      await migrate(database.pool, migrations)
      seconds = Math.min(seconds, (performance.now() - began) / 1000)
    }
    return seconds
  } finally {
    await database.close()
  }
}
