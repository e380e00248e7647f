import { createHash, randomBytes } from 'node:crypto'
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

/** Path → bytes: what a stage made. */
export type Files = ReadonlyMap<string, Uint8Array>

/** Results of stages by the content of their inputs. Serves parallel and killed builds: whole entries by rename, verified on read. */
export interface Cache {
  readonly folder: string
  /** Undefined where there is none, or where its bytes are not those that were written. */
  get(key: string): Files | undefined
  put(key: string, files: Files): void
}

/**
 * Opens the cache in a folder; the folder may serve many selections at once.
 *
 * Grown over `largestBytes`, it gives up what was not used for longest. Default: 2,000,000,000.
 */
export function openCache(folder: string, largestBytes = 2_000_000_000): Cache {
  const entries = join(folder, 'entries')
  return {
    folder,
    get(key) {
      const path = pathOf(folder, key)
      const bytes = bytesAt(path)
      if (!bytes) return undefined
      const files = unpack(bytes)
      if (files) touch(path)
      else drop(path)
      return files
    },
    put(key, files) {
      mkdirSync(entries, { recursive: true })
      const path = pathOf(folder, key)
      const beside = `${path}.${randomBytes(6).toString('hex')}.part`
      writeFileSync(beside, pack(files))
      renameSync(beside, path)
      bound(entries, largestBytes)
    },
  }
}

/** Reads a cache that belongs to nobody who reads it: nothing in it is touched, or given up. */
export function readCache(folder: string): Pick<Cache, 'get'> {
  return {
    get(key) {
      const bytes = bytesAt(pathOf(folder, key))
      return bytes && unpack(bytes)
    },
  }
}

const pathOf = (folder: string, key: string) =>
  join(folder, 'entries', key.replaceAll(/[^A-Za-z0-9_-]/g, '_'))

function bytesAt(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

// The layout of an entry: sha256 of the rest (32 bytes), length of the index (4 bytes), index as JSON, bytes one after another.
function pack(files: Files): Buffer {
  const index = Buffer.from(JSON.stringify([...files].map(([path, bytes]) => [path, bytes.length])))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(index.length)
  const rest = [length, index, ...files.values()]
  const hash = createHash('sha256')
  for (const part of rest) hash.update(part)
  return Buffer.concat([hash.digest(), ...rest])
}

function unpack(bytes: Buffer): Files | undefined {
  const rest = bytes.subarray(32)
  if (
    bytes.length < 36 ||
    !createHash('sha256').update(rest).digest().equals(bytes.subarray(0, 32))
  )
    return undefined
  const end = 4 + rest.readUInt32BE(0)
  const index = JSON.parse(rest.subarray(4, end).toString('utf8')) as [string, number][] // covered by the hash above
  let at = end
  return new Map(
    index.map(([path, length]) => {
      const file = rest.subarray(at, at + length)
      at += length
      return [path, file]
    }),
  )
}

function drop(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // It is somebody else's: what may be read there need not be writable.
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date())
  } catch {
    // Another build may have taken it away; its bytes are in memory.
  }
}

/** Takes the entries away that were not used for longest, and parts that killed builds left. */
function bound(folder: string, largestBytes: number): void {
  const aged = readdirSync(folder)
    .flatMap((name) => {
      const path = join(folder, name)
      const stat = statSync(path, { throwIfNoEntry: false })
      return stat
        ? [{ path, sizeBytes: stat.size, usedMs: stat.mtimeMs, isPart: name.endsWith('.part') }]
        : []
    })
    .toSorted((a, b) => b.usedMs - a.usedMs)
  let total = 0
  for (const { path, sizeBytes, usedMs, isPart } of aged) {
    total += sizeBytes
    const isLeft = isPart && Date.now() - usedMs > 3_600_000
    if (total > largestBytes || isLeft) rmSync(path, { force: true })
  }
}
