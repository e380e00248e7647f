import { createHash } from 'node:crypto'

/** `sha256-…` of texts and bytes, each with its length, so that no two lists look alike. */
export function hashOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part
    hash.update(`${bytes.length}:`).update(bytes)
  }
  return `sha256-${hash.digest('base64url')}`
}

/** `sha256-…` of one file's bytes, as a lock names it. */
export const hashOfFile = (bytes: Uint8Array): string =>
  `sha256-${createHash('sha256').update(bytes).digest('base64')}`
