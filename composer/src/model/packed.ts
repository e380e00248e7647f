/** A whole distribution that stands beside its place. */
export interface Packed {
  /** Where it stands; `prove` renames it into place. */
  readonly folder: string
  readonly artifacts: number
  readonly sizeBytes: number
  /** Every file → its size, sorted. */
  readonly sizes: ReadonlyMap<string, number>
}
