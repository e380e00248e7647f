import { crc32 } from 'node:zlib'

/**
 * Writes a `.bitcartcc` archive: `plugin.yaml`, then the other files by the bytes of their paths; stored, without a clock.
 *
 * The bytes are a function of paths and contents alone. Deflate is none of them: zlib's output differs between machines.
 * Throws where a path is no UTF-8: the rules for folders have refused those.
 */
export function writeArchive(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const local: Uint8Array[] = []
  const central: Buffer[] = []
  let at = 0
  const sorted = [...files].toSorted(
    ([a], [b]) => rank(a) - rank(b) || Buffer.compare(Buffer.from(a), Buffer.from(b)),
  )
  for (const [path, bytes] of sorted) {
    const name = Buffer.from(path)
    const header = localHeader(bytes, name.length)
    local.push(header, name, bytes)
    central.push(centralRecord(header, at), name)
    at += header.length + name.length + bytes.length
  }
  const directory = Buffer.concat(central)
  return Buffer.concat([...local, directory, endRecord(files.size, directory.length, at)])
}

const rank = (path: string) => (path === 'plugin.yaml' ? 0 : 1)

const utf8Names = 0x0800
const firstDay = 0x0021 // 1980-01-01
const regularFile = (0o100644 << 16) >>> 0

function localHeader(bytes: Uint8Array, nameBytes: number): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(utf8Names, 6)
  header.writeUInt16LE(firstDay, 12)
  header.writeUInt32LE(crc32(bytes), 14)
  header.writeUInt32LE(bytes.length, 18)
  header.writeUInt32LE(bytes.length, 22)
  header.writeUInt16LE(nameBytes, 26)
  return header
}

/** Repeats the local header, and says where it stands. */
function centralRecord(header: Buffer, localAt: number): Buffer {
  const record = Buffer.alloc(46)
  record.writeUInt32LE(0x02014b50, 0)
  record.writeUInt16LE(0x0314, 4) // Unix, 2.0
  header.copy(record, 6, 4, 30)
  record.writeUInt32LE(regularFile, 38)
  record.writeUInt32LE(localAt, 42)
  return record
}

function endRecord(entries: number, directoryBytes: number, directoryAt: number): Buffer {
  const record = Buffer.alloc(22)
  record.writeUInt32LE(0x06054b50, 0)
  record.writeUInt16LE(entries, 8)
  record.writeUInt16LE(entries, 10)
  record.writeUInt32LE(directoryBytes, 12)
  record.writeUInt32LE(directoryAt, 16)
  return record
}
