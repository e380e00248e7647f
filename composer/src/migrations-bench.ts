import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@bitcartcc/domain/database'
import { migrate } from '@bitcartcc/domain/migrator'
import { openCache } from './cache/cache.ts'
import { rehearse } from './check/rehearse.ts'
import { planSelection } from './pipeline.ts'

/** Prints how long the migrations of 50 plugins with 10 each take, seconds: planned from files, rehearsed without any cache, and migrated again. */
const [plugins, each] = [50, 10]
const work = mkdtempSync(join(tmpdir(), 'compose-migrations-bench-'))
try {
  const names = Array.from({ length: plugins }, (_, at) => `p${String(at).padStart(2, '0')}`)
  for (const [at, name] of names.entries()) writePlugin(name, names[at - 3])
  writeFileSync(
    join(work, 'selection.yaml'),
    `distribution: bench\ncore: '*'\nplugins: { ${names.map((name) => `${name}: '*'`).join(', ')} }\n`,
  )
  let planSeconds = Infinity
  const plan = () =>
    planSelection(join(work, 'selection.yaml'), {
      cwd: work,
      cacheDir: 'cache',
      onStage: (event) => {
        if (event.stage === 'plan' && event.state === 'done')
          planSeconds = Math.min(planSeconds, event.ms / 1000)
      },
    })
  await plan()
  const planned = await plan()
  const began = performance.now()
  await rehearse(planned.plan, undefined, openCache(join(work, 'cache')))
  const rehearseSeconds = (performance.now() - began) / 1000
  const nothingSeconds = await again(planned.plan.migrations)
  const migrations = plugins * each
  process.stdout.write(
    `${JSON.stringify({ plugins, migrations, planSeconds, rehearseSeconds, nothingSeconds })}\n`,
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
  const database = await openDatabase({
    dataDir: work,
    embedded: () => import('@bitcartcc/domain/embedded'),
  })
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
