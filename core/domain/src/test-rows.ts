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
import { zstdDecompressSync } from 'node:zlib'
import { emptyDatabaseFile } from './empty-database.ts'
import { layOut } from './lay-out.ts'

/** Lays an empty embedded database into a data folder, as a distribution's first start does. */
export function layEmptyDatabase(dataDir: string): void {
  layOut(zstdDecompressSync(readFileSync(emptyDatabaseFile)), join(dataDir, 'database/rows'))
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
