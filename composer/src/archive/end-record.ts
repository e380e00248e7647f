import type { Limits } from './limits.ts'
import { breaks } from './rule.ts'

const signature = 0x06054b50
const lengthBytes = 22

export interface EndRecord {
  readonly entries: number
  /** Where the directory begins, and where it ends: at the end record. */
  readonly directoryAt: number
  readonly directoryEnd: number
}

/** Reads the record that ends an archive: it must be the last 22 bytes, and the only disk. */
export function readEndRecord(bytes: Buffer, limits: Limits): EndRecord {
  const at = bytes.length - lengthBytes
  if (at < 0 || bytes.readUInt32LE(at) !== signature) return missing(bytes)
  if (bytes.readUInt16LE(at + 20) !== 0) breaks('E_ZIP_STRUCTURE', 'comment')
  const [disk, directoryDisk, onDisk, entries] = [4, 6, 8, 10].map((offset) =>
    bytes.readUInt16LE(at + offset),
  ) as [number, number, number, number] // four offsets give four numbers
  const sizeBytes = bytes.readUInt32LE(at + 12)
  const directoryAt = bytes.readUInt32LE(at + 16)
  if (
    [disk, directoryDisk, onDisk, entries].includes(0xffff) ||
    [sizeBytes, directoryAt].includes(0xffffffff)
  )
    breaks('E_ZIP_STRUCTURE', 'zip64')
  if (disk !== 0 || directoryDisk !== 0) breaks('E_ZIP_STRUCTURE', 'multi-disk')
  if (onDisk !== entries) breaks('E_ZIP_STRUCTURE', 'entry-count')
  if (entries > limits.entries) breaks('E_ZIP_LIMIT', 'entries')
  if (directoryAt + sizeBytes !== at) breaks('E_ZIP_STRUCTURE', 'end-record')
  return { entries, directoryAt, directoryEnd: at }
}

/** Looks for the end record elsewhere, only to say what is wrong. */
function missing(bytes: Buffer): never {
  const pattern = Buffer.from([0x50, 0x4b, 0x05, 0x06])
  const found = bytes.lastIndexOf(pattern)
  if (found !== -1 && found + lengthBytes <= bytes.length)
    breaks(
      'E_ZIP_STRUCTURE',
      bytes.readUInt16LE(found + 20) === bytes.length - found - lengthBytes
        ? 'comment'
        : 'trailing',
    )
  const looksLikeZip = bytes.length >= 4 && bytes.readUInt32LE(0) === 0x04034b50
  return breaks('E_ZIP_STRUCTURE', looksLikeZip ? 'end-record' : 'not-a-zip')
}
