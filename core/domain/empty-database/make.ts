import { writeFileSync } from 'node:fs'
import { constants, zstdCompressSync } from 'node:zlib'
import { startPglite } from '../src/pglite.ts'
import { standStill } from './stand-still.ts'

// `node core/domain/empty-database/make.ts [FILE]`: makes the empty database anew, which every release of PGlite asks for, and
// every change of the parameters that it is begun with. The same bytes wherever it runs.
const [, , file = `${import.meta.dirname}/empty-database.tar.zst`] = process.argv
standStill()
const lite = await startPglite()
await lite.exec('checkpoint')
const { rows } = await lite.query<{ name: string }>(
  'select pg_walfile_name(pg_current_wal_lsn()) as name',
)
const { FS } = lite.Module
const drop = (folder: string, keep: (name: string) => boolean) => {
  for (const name of FS.readdir(`/pglite/data/${folder}`))
    if (name !== '.' && name !== '..' && !keep(name)) FS.unlink(`/pglite/data/${folder}/${name}`)
}
// The templates of new databases: two of three files, and nobody makes one. Of the log, what was before the checkpoint.
for (const template of ['base/1', 'base/4']) drop(template, () => false)
const isFolder = (name: string) => FS.isDir(FS.stat(`/pglite/data/pg_wal/${name}`).mode)
drop('pg_wal', (name) => name === rows[0]?.name || isFolder(name))
const tar = await lite.dumpDataDir('none')
const params = { [constants.ZSTD_c_compressionLevel]: 19 }
writeFileSync(file, zstdCompressSync(new Uint8Array(await tar.arrayBuffer()), { params }))
process.exit(0)
