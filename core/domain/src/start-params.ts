/**
 * What an embedded PostgreSQL is told beside PGlite's own: 32 MB of buffers.
 *
 * The default of 128 MB is filled with zeros at each start: 0.5 s and 100 MB, and the system keeps the files in memory anyway.
 */
export const ownStartParams: readonly string[] = ['-c', 'shared_buffers=32MB']
