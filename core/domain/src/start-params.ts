/**
 * What an embedded PostgreSQL is told beside PGlite's own: 32 MB of buffers.
 *
 * The default of 128 MB is filled with zeros at each start: 0.5 s and 100 MB, and the system keeps the files in memory anyway.
 */
export const ownStartParams: readonly string[] = ['-c', 'shared_buffers=32MB']

/**
 * How one is begun, parameters of initdb: with those buffers, for it starts PostgreSQL a few times; and with a log in files of
 * 1 MB instead of 16, so that a new shop has a third less to write, and its log stays within 64 MB instead of 1 GB.
 */
export const ownInitParams: readonly string[] = ['--set', 'shared_buffers=32MB', '--wal-segsize=1']
