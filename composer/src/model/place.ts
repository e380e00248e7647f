/** Where a value stands in a file a person wrote. Lines and columns count from 1; both are 0 where only the file is known. */
export interface Place {
  /** As the reader would name it: relative to the selection's folder, or `ratings 1.0.0 plugin.yaml`. */
  readonly file: string
  readonly line: number
  readonly column: number
}
/** A value and where it was written. */
export interface Located<T> {
  readonly value: T
  readonly at: Place
}
