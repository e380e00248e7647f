/** What one archive may weigh. A selection may lower these, never raise them. */
export interface Limits {
  /** The file, bytes. */
  readonly archiveBytes: number
  /** One file inside of it, unpacked, bytes. */
  readonly entryBytes: number
  /** All files inside of it, unpacked, bytes. */
  readonly totalBytes: number
  readonly entries: number
}

const mebibyte = 1024 * 1024

/** The limits of every selection that names none of its own. */
export const builtInLimits: Limits = {
  archiveBytes: 64 * mebibyte,
  entryBytes: 32 * mebibyte,
  totalBytes: 256 * mebibyte,
  entries: 10_000,
}

/** Entries above 1 MiB may not shrink further than this: zeros deflate to a thousandth. */
export const largestRatio = 200
export const ratioFromBytes: number = mebibyte
export const largestPathBytes = 240
export const largestSegmentBytes = 100
export const largestDepth = 20
export const largestManifestBytes: number = mebibyte
