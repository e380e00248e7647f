/** A whole distribution that stands beside its place. */
export interface Packed {
  /** Where it stands; `prove` renames it into place. */
  readonly folder: string
  /** The uppermost folder that had to be made for it. */
  readonly uppermost: string
  readonly artifacts: number
  readonly sizeBytes: number
  /** Every file → its size, sorted. */
  readonly sizes: ReadonlyMap<string, number>
}
