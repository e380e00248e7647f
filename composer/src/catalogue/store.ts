import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { integrityOf } from '../archive/archive-bytes.ts'

const nameOf = (text: string) => createHash('sha256').update(text).digest('base64url')

/** Where bytes of a known hash lie once they were fetched. */
export const contentFile = (cacheDir: string, integrity: string): string =>
  join(cacheDir, 'content', nameOf(integrity))

/** Where the index of a catalogue lies as it was seen last. */
export const indexFile = (cacheDir: string, url: string): string =>
  join(cacheDir, 'catalogues', `${nameOf(url)}.json`)

/** The bytes of a file that have this hash; undefined where there is none, or where it was changed. */
export function contentHere(cacheDir: string, integrity: string): Buffer | undefined {
  const file = contentFile(cacheDir, integrity)
  if (!existsSync(file)) return undefined
  const bytes = readFileSync(file)
  return integrityOf(bytes) === integrity ? bytes : undefined
}

/** Writes a file whole or not at all, beside other builds that write the same one. */
export function keep(file: string, bytes: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true })
  const beside = `${file}.${randomBytes(6).toString('hex')}.part`
  writeFileSync(beside, bytes)
  renameSync(beside, file)
}
