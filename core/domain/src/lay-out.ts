import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'

const blockBytes = 512

/**
 * Lays a snapshot of an embedded database, a tar, out as the folder that keeps its rows.
 *
 * A third of the time and of the memory that PGlite takes for it. Reads the one dialect that PGlite writes: plain ustar,
 * folders and files.
 */
export function layOut(snapshot: Uint8Array, rows: string): void {
  const tar = Buffer.from(snapshot.buffer, snapshot.byteOffset, snapshot.byteLength)
  const made = new Set<string>()
  const make = (path: string) => {
    if (!made.has(path)) mkdirSync(path, { recursive: true, mode: 0o700 })
    made.add(path)
  }
  make(rows)
  let at = 0
  while (at + blockBytes <= tar.length && tar[at] !== 0) {
    const text = (from: number, length: number) =>
      tar
        .toString('utf8', at + from, at + from + length)
        .split('\0', 1)[0]
        ?.trim() ?? ''
    const prefix = text(345, 155)
    const name = `${prefix === '' ? '' : `${prefix}/`}${text(0, 100)}`
    const path = resolve(rows, `.${sep}${name}`)
    if (path !== rows && !path.startsWith(rows + sep))
      throw new Error(`the snapshot names a file outside of its folder: ${path}`)
    const size = Number.parseInt(text(124, 12), 8) || 0
    const start = at + blockBytes
    if (text(156, 1) === '5') make(path)
    else {
      make(dirname(path))
      writeFileSync(path, tar.subarray(start, start + size), { mode: 0o600 })
    }
    at = start + Math.ceil(size / blockBytes) * blockBytes
  }
}
