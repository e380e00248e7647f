import { readFileSync } from 'node:fs'
import { openDatabase, type Database } from '@bitcartcc/domain/database'
import { emptyDatabaseFile } from '@bitcartcc/domain/empty-database'
import { unpacked } from '../cache/snapshot.ts'

/** A new embedded database, its rows in a folder that has none: begun as a distribution's first start does. */
export const openEmpty = (dataDir: string): Promise<Database> =>
  openDatabase({
    dataDir,
    embedded: () => import('@bitcartcc/domain/embedded'),
    snapshot: () => unpacked(readFileSync(emptyDatabaseFile)),
  })
