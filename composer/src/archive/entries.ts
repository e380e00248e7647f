import { collision } from './collisions.ts'
import type { CentralRecord } from './directory.ts'
import { pathReason, reservedReason } from './path-rules.ts'
import { breaks } from './rule.ts'

/** A record whose name and type are safe. */
export interface Entry extends CentralRecord {
  readonly path: string
  readonly isFolder: boolean
}

/** Decodes and judges every name, then every type, then how the names get along. */
export function safeEntries(records: readonly CentralRecord[]): readonly Entry[] {
  const placeOf = (record: CentralRecord, name: string) => ({
    entry: { number: record.number, of: records.length },
    name,
  })
  const named = records.map((record) => {
    const path = decoded(record)
    if (path === undefined)
      return breaks('E_ZIP_PATH', 'encoding', placeOf(record, record.nameBytes.toString('latin1')))
    const unsafe = pathReason(path)
    if (unsafe !== undefined) breaks('E_ZIP_PATH', unsafe, placeOf(record, path))
    const reserved = reservedReason(path)
    if (reserved !== undefined) breaks('E_ZIP_CONTENT', reserved, placeOf(record, path))
    return { ...record, path, isFolder: path.endsWith('/') }
  })
  for (const entry of named) {
    const reason = typeReason(entry)
    if (reason !== undefined) breaks('E_ZIP_TYPE', reason, placeOf(entry, entry.path))
  }
  const met = collision(named)
  const later = met && named[met.at]
  if (met && later) breaks('E_ZIP_COLLISION', met.reason, placeOf(later, later.path))
  return named
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decoded({ nameBytes, isUtf8 }: CentralRecord): string | undefined {
  if (!isUtf8 && nameBytes.some((byte) => byte >= 0x80)) return undefined
  try {
    return decoder.decode(nameBytes)
  } catch {
    return undefined
  }
}

/** Type bits of Unix, whatever system the archive says it was made by. */
function typeReason({ external, isFolder, sizeBytes, compressedBytes, crc, method }: Entry) {
  const type = external >>> 28
  const hasDosFolderBit = (external & 0x10) !== 0
  if (type === 10) return 'link'
  if (!isFolder) return (type === 0 || type === 8) && !hasDosFolderBit ? undefined : 'special'
  if (type !== 0 && type !== 4) return 'special'
  return [sizeBytes, compressedBytes, crc, method].every((each) => each === 0)
    ? undefined
    : 'folder-with-data'
}
