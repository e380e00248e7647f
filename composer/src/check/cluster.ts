import { startParams } from '@bitcartcc/domain/embedded'
import { hashOf } from '../cache/hash.ts'
import { ownCache } from '../cache/own-cache.ts'
import { composerFolder, packageFolder, versionIn } from '../house.ts'

/** An embedded PostgreSQL with nothing in it, as a packed data folder: making one takes longer than all that is done on it. */
export function knownCluster(): Uint8Array | undefined {
  return ownCache().get(key())?.get('snapshot')
}

export function keepCluster(snapshot: Uint8Array): void {
  ownCache().put(key(), new Map([['snapshot', snapshot]]))
}

function key(): string {
  const lite = packageFolder(composerFolder, '@electric-sql/pglite')
  if (lite === undefined) throw new Error('@electric-sql/pglite is not installed')
  return `cluster-${hashOf(versionIn(lite), ...startParams).slice(7)}`
}
