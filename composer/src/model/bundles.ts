/** Path → bytes. */
type Files = ReadonlyMap<string, Uint8Array>

/** What a distribution is compiled to: one program and two apps. */
export type Surface = 'server' | 'admin' | 'store'

/** The compiled programs: path in the distribution → bytes. */
export interface Bundles {
  readonly files: Files
  /** Surfaces that were taken from the cache as they were. */
  readonly asBefore: readonly Surface[]
  readonly bytes: Readonly<Record<Surface, number>>
}
