import { crc32, inflateRawSync } from 'node:zlib'
import type { Entry } from './entries.ts'
import { breaks } from './rule.ts'

/** The bytes of one entry: of the length and checksum its headers promise, with nothing left of the stream. */
export function unpackedBytes(entry: Entry, packed: Buffer, of: number): Buffer {
  const where = { entry: { number: entry.number, of }, name: entry.path }
  const bytes = entry.method === 0 ? packed : inflated(entry, packed, where)
  if (bytes.length !== entry.sizeBytes) breaks('E_ZIP_DATA', 'size', where)
  if (crc32(bytes) !== entry.crc) breaks('E_ZIP_DATA', 'crc', where)
  return bytes
}

function inflated(entry: Entry, packed: Buffer, where: Parameters<typeof breaks>[2]): Buffer {
  let result: Inflated
  try {
    result = inflateRawSync(packed, {
      info: true,
      maxOutputLength: Math.max(1, entry.sizeBytes),
    }) as unknown as Inflated // what `info: true` gives; the types do not know it
  } catch (error) {
    const isLonger =
      error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    return breaks('E_ZIP_DATA', isLonger ? 'size' : 'stream', where)
  }
  if (result.engine.bytesWritten !== packed.length) breaks('E_ZIP_DATA', 'stream', where)
  return result.buffer
}

interface Inflated {
  readonly buffer: Buffer
  /** How much of its input it used. */
  readonly engine: { readonly bytesWritten: number }
}
