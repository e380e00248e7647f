import { deflateRawSync, crc32 } from 'node:zlib'

/** One entry of a hostile archive; what is not said is as an honest writer would write it. */
export interface Crafted {
  readonly name: string | Uint8Array
  readonly bytes?: Uint8Array
  readonly localName?: string
  readonly flags?: number
  readonly method?: number
  readonly version?: number
  readonly external?: number
  readonly extra?: Uint8Array
  readonly localExtra?: Uint8Array
  readonly comment?: string
  readonly disk?: number
  /** Both headers say this instead. */
  readonly crc?: number
  readonly sizeBytes?: number
  readonly compressedBytes?: number
  /** Only the local header says this. */
  readonly localCrc?: number
  readonly localAt?: number
  /** What lies in the archive instead of the bytes as the method packs them. */
  readonly packed?: Uint8Array
  /** Has no record in the directory. */
  readonly isHidden?: boolean
  /** Has a record, and no local header. */
  readonly isGhost?: boolean
}
export interface CraftedEnd {
  readonly prefix?: Uint8Array
  readonly suffix?: Uint8Array
  readonly comment?: string
  readonly entries?: number
  readonly onDisk?: number
  readonly disk?: number
  readonly directoryAt?: number
}

export const manifest = `name: loyalty
version: 2.1.0
title: Loyalty
description: Points for customers.
author: A shop
license: MIT
requires: { bitcartcc: ^1.0.0 }
contributes: {}
`
/** What stands first in every honest archive. */
export const plugin: Crafted = { name: 'plugin.yaml', bytes: Buffer.from(manifest) }

/** Writes any archive that bytes can say, honest or not. */
export function craft(entries: readonly Crafted[], end: CraftedEnd = {}): Buffer {
  const prefix = end.prefix ?? Buffer.alloc(0)
  const parts: Uint8Array[] = [prefix]
  const records: Buffer[] = []
  let at = prefix.length
  for (const entry of entries) {
    const { local, record } = headersOf(entry, at)
    if (!entry.isGhost) {
      parts.push(local)
      at += local.length
    }
    if (!entry.isHidden) records.push(record)
  }
  const directory = Buffer.concat(records)
  const comment = Buffer.from(end.comment ?? '')
  const last = Buffer.alloc(22)
  last.writeUInt32LE(0x06054b50, 0)
  last.writeUInt16LE(end.disk ?? 0, 4)
  last.writeUInt16LE(end.onDisk ?? end.entries ?? records.length, 8)
  last.writeUInt16LE(end.entries ?? records.length, 10)
  last.writeUInt32LE(directory.length, 12)
  last.writeUInt32LE(end.directoryAt ?? at, 16)
  last.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...parts, directory, last, comment, end.suffix ?? Buffer.alloc(0)])
}

function headersOf(entry: Crafted, at: number): { local: Buffer; record: Buffer } {
  const bytes = Buffer.from(entry.bytes ?? [])
  const method = entry.method ?? 0
  const packed = Buffer.from(entry.packed ?? (method === 8 ? deflateRawSync(bytes) : bytes))
  const name = Buffer.from(entry.name)
  const localName = entry.localName === undefined ? name : Buffer.from(entry.localName)
  const common = (crc: number, extra: number, nameBytes: number) => {
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(entry.version ?? 20, 0)
    fields.writeUInt16LE(entry.flags ?? 0x0800, 2)
    fields.writeUInt16LE(method, 4)
    fields.writeUInt16LE(0x0021, 8)
    fields.writeUInt32LE(crc, 10)
    fields.writeUInt32LE(entry.compressedBytes ?? packed.length, 14)
    fields.writeUInt32LE(entry.sizeBytes ?? bytes.length, 18)
    fields.writeUInt16LE(nameBytes, 22)
    fields.writeUInt16LE(extra, 24)
    return fields
  }
  const crc = entry.crc ?? crc32(bytes)
  const extra = Buffer.from(entry.extra ?? [])
  const localExtra = Buffer.from(entry.localExtra ?? extra)
  const comment = Buffer.from(entry.comment ?? '')
  const tail = Buffer.alloc(14)
  tail.writeUInt16LE(comment.length, 0)
  tail.writeUInt16LE(entry.disk ?? 0, 2)
  tail.writeUInt32LE(entry.external ?? 0o100644 * 0x10000, 6)
  tail.writeUInt32LE(entry.localAt ?? at, 10)
  return {
    local: Buffer.concat([
      Buffer.from('PK\x03\x04'),
      common(entry.localCrc ?? crc, localExtra.length, localName.length),
      localName,
      localExtra,
      packed,
    ]),
    record: Buffer.concat([
      Buffer.from('PK\x01\x02\x14\x03'),
      common(crc, extra.length, name.length),
      tail,
      name,
      extra,
      comment,
    ]),
  }
}
