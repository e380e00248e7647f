import type { EndRecord } from './end-record.ts'
import { largestRatio, ratioFromBytes, type Limits } from './limits.ts'
import { breaks } from './rule.ts'

/** One record of the directory, as it stands there; the name is not decoded. */
export interface CentralRecord {
  readonly number: number
  /** Bytes 6–29 of the record: what the local header must repeat. */
  readonly agreed: Buffer
  readonly nameBytes: Buffer
  readonly isUtf8: boolean
  readonly method: number
  readonly crc: number
  readonly compressedBytes: number
  readonly sizeBytes: number
  readonly external: number
  readonly localAt: number
}

const signature = 0x02014b50
const headerBytes = 46

/** Reads the directory: exactly as many records as were counted, filling it, with no feature beyond the layout. */
export function readDirectory(
  bytes: Buffer,
  end: EndRecord,
  limits: Limits,
): readonly CentralRecord[] {
  const records: CentralRecord[] = []
  let at = end.directoryAt
  let totalBytes = 0
  while (at < end.directoryEnd) {
    if (records.length === end.entries) breaks('E_ZIP_STRUCTURE', 'entry-count')
    const entry = { number: records.length + 1, of: end.entries }
    if (at + headerBytes > end.directoryEnd || bytes.readUInt32LE(at) !== signature)
      breaks('E_ZIP_STRUCTURE', 'entry-count', { entry })
    const nextAt = at + headerBytes + bytes.readUInt16LE(at + 28)
    if (nextAt > end.directoryEnd) breaks('E_ZIP_STRUCTURE', 'entry-count', { entry })
    const record = recordAt(bytes, at, nextAt, entry.number)
    allowed(bytes, at, record, entry, limits)
    totalBytes += record.sizeBytes
    if (totalBytes > limits.totalBytes) breaks('E_ZIP_LIMIT', 'total-size', { entry })
    records.push(record)
    at = nextAt
  }
  if (records.length !== end.entries) breaks('E_ZIP_STRUCTURE', 'entry-count')
  return records
}

const recordAt = (bytes: Buffer, at: number, nextAt: number, number: number): CentralRecord => ({
  number,
  agreed: bytes.subarray(at + 6, at + 30),
  nameBytes: bytes.subarray(at + headerBytes, nextAt),
  isUtf8: (bytes.readUInt16LE(at + 8) & 0x0800) !== 0,
  method: bytes.readUInt16LE(at + 10),
  crc: bytes.readUInt32LE(at + 16),
  compressedBytes: bytes.readUInt32LE(at + 20),
  sizeBytes: bytes.readUInt32LE(at + 24),
  external: bytes.readUInt32LE(at + 38),
  localAt: bytes.readUInt32LE(at + 42),
})

function allowed(
  bytes: Buffer,
  at: number,
  record: CentralRecord,
  place: { readonly number: number; readonly of: number },
  limits: Limits,
): void {
  const where = { entry: place, name: record.nameBytes.toString('latin1') }
  const flags = bytes.readUInt16LE(at + 8)
  const { method, sizeBytes, compressedBytes, localAt } = record
  if ((flags & 0b0010_0000_0100_0001) !== 0) breaks('E_ZIP_ENCRYPTED', 'encrypted', where)
  if ((flags & ~0x0800) !== 0) breaks('E_ZIP_HEADER', 'flags', where)
  if (bytes.readUInt16LE(at + 6) > 20) breaks('E_ZIP_HEADER', 'version', where)
  if (method !== 0 && method !== 8) breaks('E_ZIP_METHOD', 'method', where)
  if ([sizeBytes, compressedBytes, localAt].includes(0xffffffff))
    breaks('E_ZIP_STRUCTURE', 'zip64', where)
  if (bytes.readUInt16LE(at + 30) !== 0) breaks('E_ZIP_HEADER', 'extra-field', where)
  if (bytes.readUInt16LE(at + 32) !== 0) breaks('E_ZIP_HEADER', 'entry-comment', where)
  if (bytes.readUInt16LE(at + 34) !== 0) breaks('E_ZIP_STRUCTURE', 'multi-disk', where)
  if (sizeBytes > limits.entryBytes) breaks('E_ZIP_LIMIT', 'entry-size', where)
  if (sizeBytes > ratioFromBytes && sizeBytes > compressedBytes * largestRatio)
    breaks('E_ZIP_LIMIT', 'ratio', where)
}
