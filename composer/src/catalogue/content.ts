import type { Problem } from '@bitcartcc/sdk/problem'
import { integrityOf } from '../archive/archive-bytes.ts'
import { download } from './download.ts'
import { catalogueUnreachable, notHere, otherContent } from './problems.ts'
import { contentFile, contentHere, keep } from './store.ts'

export interface FetchOptions {
  readonly cacheDir: string
  /** Nothing is asked of the network. */
  readonly isOffline: boolean
}

/** Bytes of a known hash: from the cache, else from the server. */
export async function contentOf(
  url: string,
  integrity: string,
  largestBytes: number,
  { cacheDir, isOffline }: FetchOptions,
): Promise<Buffer | Problem> {
  const here = contentHere(cacheDir, integrity)
  if (here) return here
  if (isOffline) return notHere(url)
  const got = await download(url, largestBytes)
  if (!got.isHere) return catalogueUnreachable(url, got.because)
  if (integrityOf(got.bytes) !== integrity)
    return otherContent(url, integrity, integrityOf(got.bytes))
  keep(contentFile(cacheDir, integrity), got.bytes)
  return got.bytes
}
