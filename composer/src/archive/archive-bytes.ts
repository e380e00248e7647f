import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { Limits } from './limits.ts'
import { breaks, outcomeOf, type Outcome } from './rule.ts'

/** The bytes of an archive, unless there are more than it may have. */
export function archiveBytes(file: string, limits: Limits): Outcome<Buffer> {
  return outcomeOf(() => {
    if (statSync(file).size > limits.archiveBytes) breaks('E_ZIP_LIMIT', 'archive-size')
    return readFileSync(file)
  })
}

/** `sha512-…` of bytes that somebody else made. */
export const integrityOf = (bytes: Uint8Array): string =>
  `sha512-${createHash('sha512').update(bytes).digest('base64')}`
