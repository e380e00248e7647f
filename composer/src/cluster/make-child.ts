import { PGlite } from '@electric-sql/pglite'
import { startParams } from '@bitcartcc/domain/embedded'
import { packed } from '../cache/snapshot.ts'
import { standStill } from './stand-still.ts'

/** Makes an empty embedded PostgreSQL in memory, and gives it to its parent. */
standStill()
const lite = await PGlite.create({ startParams: [...startParams] })
// The templates of new databases: two of three files, and nobody makes one.
const { FS } = lite.Module
for (const template of ['1', '4']) {
  const folder = `/pglite/data/base/${template}`
  for (const name of FS.readdir(folder))
    if (name !== '.' && name !== '..') FS.unlink(`${folder}/${name}`)
}
const tar = await lite.dumpDataDir('none')
const cluster = packed(new Uint8Array(await tar.arrayBuffer()))
process.send?.(cluster, () => process.exit(0))
