import { resolve } from 'node:path'

/** Absolute path of the data folder: DATA_DIR, or `./data`. */
export const dataDirOf = (env: Readonly<Record<string, string | undefined>>): string =>
  resolve(env['DATA_DIR'] || './data')
