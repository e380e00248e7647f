import { createHash } from 'node:crypto'

/** Bytes that are known by what they are. */
export interface ImageBlob {
  /** `sha256:` and 64 digits. */
  readonly digest: string
  readonly bytes: Uint8Array
}

/** Names bytes by their hash. */
export const blobOf = (bytes: Uint8Array): ImageBlob => ({ digest: digestOf(bytes), bytes })

export const digestOf = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** The path of a blob in an OCI image layout. */
export const blobPath = (digest: string): string => `blobs/${digest.replace(':', '/')}`
