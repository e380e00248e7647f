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
