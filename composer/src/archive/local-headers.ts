import type { EndRecord } from './end-record.ts'
import type { Entry } from './entries.ts'
import { breaks } from './rule.ts'

const signature = 0x04034b50
const headerBytes = 30

/** Entry → its packed bytes; refuses unless the entries stand one after another, from the first byte to the directory, and say what the directory says. */
export function packedBytes(
  bytes: Buffer,
  entries: readonly Entry[],
  end: EndRecord,
): readonly Buffer[] {
  let at = 0
  const packed = entries.map((entry) => {
    const where = { entry: { number: entry.number, of: entries.length }, name: entry.path }
    if (entry.localAt !== at)
      breaks(
        'E_ZIP_STRUCTURE',
        entry.localAt < at ? 'overlap' : entry.number === 1 ? 'prefix' : 'gap',
        where,
      )
    const nameAt = at + headerBytes
    const dataAt = nameAt + entry.nameBytes.length
    const nextAt = dataAt + entry.compressedBytes
    if (nextAt > end.directoryAt) breaks('E_ZIP_STRUCTURE', 'overlap', where)
    const agrees =
      bytes.readUInt32LE(at) === signature &&
      bytes.subarray(at + 4, at + 28).equals(entry.agreed.subarray(0, 24)) &&
      bytes.subarray(nameAt, dataAt).equals(entry.nameBytes)
    if (!agrees) breaks('E_ZIP_HEADER', 'mismatch', where)
    if (bytes.readUInt16LE(at + 28) !== 0) breaks('E_ZIP_HEADER', 'extra-field', where)
    at = nextAt
    return bytes.subarray(dataAt, nextAt)
  })
  if (at !== end.directoryAt) breaks('E_ZIP_STRUCTURE', 'gap')
  return packed
}
