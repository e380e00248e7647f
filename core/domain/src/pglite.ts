import { PGlite, type PGliteOptions } from '@electric-sql/pglite'

/**
 * What an embedded PostgreSQL is told beside PGlite's own: 32 MB of buffers.
 *
 * The default of 128 MB is filled with zeros at each start: 0.5 s and 100 MB, and the system keeps the files in memory anyway.
 */
const ownStartParams: readonly string[] = ['-c', 'shared_buffers=32MB']

/**
 * How one is begun, parameters of initdb: with those buffers, for it starts PostgreSQL a few times; and with a log in files of
 * 1 MB instead of 16, so that a new shop has two thirds less to write, and its log stays within 64 MB instead of 1 GB.
 */
const ownInitParams: readonly string[] = ['--set', 'shared_buffers=32MB', '--wal-segsize=1']

/** Nobody here has PGlite itself read arrays, `pg` does: to look for their types takes PGlite a seventh of its start. */
class AskedByPg extends PGlite {
  override async _initArrayTypes(): Promise<void> {}
}

/** Starts PostgreSQL inside this process, or begins it first. Takes where its rows lie, by default in memory. */
export async function startPglite(
  rows: Pick<PGliteOptions, 'dataDir' | 'loadDataDir'> = {},
): Promise<PGlite> {
  const lite = new AskedByPg({
    ...rows,
    startParams: [...PGlite.defaultStartParams, ...ownStartParams],
    initDbStartParams: [...ownInitParams],
  })
  await lite.waitReady
  return lite
}
