import { fork } from 'node:child_process'
import { ownStartParams } from '@bitcartcc/domain/start-params'
import { hashOf } from '../cache/hash.ts'
import { ownCache } from '../cache/own-cache.ts'
import { noTierUp } from '../cache/wasm.ts'
import { composerFolder, packageFolder, programBeside, versionIn } from '../house.ts'

/**
 * Gives an embedded PostgreSQL with nothing in it, as a packed data folder: making one takes ten times as long as all that a
 * first start does with it. Rehearsals begin with it, and a distribution carries it.
 *
 * The same bytes wherever it is made; it hangs on the release of PGlite, which has parameters of its own, and on ours.
 */
export async function emptyCluster(cache = ownCache()): Promise<Uint8Array> {
  const known = cache.get(key())?.get('cluster')
  if (known) return known
  const cluster = await makeCluster()
  cache.put(key(), new Map([['cluster', cluster]]))
  return cluster
}

function key(): string {
  const lite = packageFolder(composerFolder, '@electric-sql/pglite')
  if (lite === undefined) throw new Error('@electric-sql/pglite is not installed')
  return `empty-cluster-${hashOf(versionIn(lite), process.version, ...ownStartParams).slice(7)}`
}

/** Makes one in a process of its own, whose clock stands still. */
export function makeCluster(env: Readonly<Record<string, string>> = {}): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const child = fork(programBeside(import.meta.filename, 'make-child'), [], {
      execArgv: [noTierUp],
      env: { NODE_ENV: 'production', TZ: 'UTC', ...env },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    child.once('message', (cluster) => resolve(cluster as Uint8Array)) // our own module at the other end
    child.once('error', reject)
    child.once('close', (status) =>
      reject(new Error(`making an empty database ended with ${status}`)),
    )
  })
}
