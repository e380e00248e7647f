import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { openEmbedded, startParams } from './embedded.ts'

const home = join(import.meta.dirname, '..')

/**
 * Lays an empty embedded database into a data folder, as its first start leaves it.
 *
 * That start takes ten times as long as any later one, and hangs on PGlite alone: it happens once, and is copied.
 */
export async function layEmptyDatabase(dataDir: string): Promise<void> {
  // The version of PGlite is pinned there.
  const madeBy = readFileSync(join(home, 'package.json'), 'utf8') + startParams.join(' ')
  const name = createHash('sha256').update(madeBy).digest('hex').slice(0, 16)
  const kept = join(home, 'node_modules/.cache')
  const rows = await made(kept, `rows-${name}`, async (work) => {
    const { close } = await openEmbedded(join(work, 'database'))
    await close()
    // The templates of new databases: two of three files, and nobody makes one.
    for (const template of ['1', '4'])
      rmSync(join(work, 'database/rows/base', template), { recursive: true, force: true })
  })
  cpSync(rows, join(dataDir, 'database/rows'), { recursive: true })
}

/** Lays one in which core's migrations have run; `make` makes it, once for this run of the tests. */
export async function layMigratedDatabase(
  dataDir: string,
  make: (dataDir: string) => Promise<void>,
): Promise<void> {
  const folder = process.env['COMPOSE_TEST_FOLDER']
  if (!folder) return make(dataDir)
  const rows = await made(folder, 'rows-of-core', make)
  cpSync(rows, join(dataDir, 'database/rows'), { recursive: true })
}

/** The rows of a data folder that is made where there are none of this name yet. */
async function made(
  folder: string,
  name: string,
  make: (dataDir: string) => Promise<void>,
): Promise<string> {
  const rows = join(folder, name)
  if (existsSync(rows)) return rows
  mkdirSync(folder, { recursive: true })
  const work = mkdtempSync(join(folder, 'making-'))
  try {
    await make(work)
    renameSync(join(work, 'database/rows'), rows)
  } catch (error) {
    // Another process was faster.
    if (!existsSync(rows)) throw error
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return rows
}
