import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { unpacked } from '../cache/snapshot.ts'

/** Lays the rehearsed database out as a data folder, as the embedded database keeps it. */
export function layOut(snapshot: Uint8Array, dataDir: string): void {
  const rows = join(dataDir, 'database', 'rows')
  mkdirSync(rows, { recursive: true, mode: 0o700 })
  untar(unpacked(snapshot), rows)
}

const blockBytes = 512

/** The templates of new databases: two of three files, and the product makes none. */
const templates = /^\/?base\/[14]\/./

// Reads the one dialect PGlite writes: plain ustar, folders and files.
function untar(tar: Buffer, folder: string): void {
  const made = new Set<string>()
  const make = (path: string) => {
    if (!made.has(path)) mkdirSync(path, { recursive: true, mode: 0o700 })
    made.add(path)
  }
  let at = 0
  while (at + blockBytes <= tar.length && tar[at] !== 0) {
    const text = (from: number, length: number) =>
      tar
        .toString('utf8', at + from, at + from + length)
        .split('\0', 1)[0]
        ?.trim() ?? ''
    const prefix = text(345, 155)
    const name = `${prefix === '' ? '' : `${prefix}/`}${text(0, 100)}`
    const path = resolve(folder, `.${sep}${name}`)
    if (path !== folder && !path.startsWith(folder + sep))
      throw new Error(`the snapshot names a file outside of its folder: ${path}`)
    const size = Number.parseInt(text(124, 12), 8) || 0
    const start = at + blockBytes
    if (text(156, 1) === '5') make(path)
    else if (!templates.test(name)) {
      make(dirname(path))
      writeFileSync(path, tar.subarray(start, start + size), { mode: 0o600 })
    }
    at = start + Math.ceil(size / blockBytes) * blockBytes
  }
}
