import { readFileSync } from 'node:fs'
import pg from 'pg'
import { openEmbedded } from '@bitcartcc/domain/embedded'
import { migrate } from '@bitcartcc/domain/migrator'
import type { MigrationPlan } from '@bitcartcc/domain/migration-plan'
import { Refused } from '@bitcartcc/sdk/problem'
import { readCatalog } from './catalog.ts'

// A program of its own: `node rehearse-child.ts PLAN FOLDER`; answers with one line of JSON, `{ catalog }` or `{ problems }`.
const [, , planFile = '', folder = ''] = process.argv
const plan = JSON.parse(readFileSync(planFile, 'utf8')) as MigrationPlan // written by the check stage
const embedded = await openEmbedded(folder)
const pool = new pg.Pool({ ...embedded.poolConfig, max: 1 })
try {
  await migrate(pool, plan)
  process.stdout.write(JSON.stringify({ catalog: await readCatalog(pool) }))
} catch (error) {
  if (!(error instanceof Refused)) throw error
  process.stdout.write(JSON.stringify({ problems: error.problems }))
} finally {
  await pool.end()
  await embedded.close()
}
