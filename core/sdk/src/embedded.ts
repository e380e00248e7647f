/** What the embedded database gives: configuration for one `pg.Pool` of one connection, and its end. */
export interface Embedded {
  /** Options for `new pg.Pool(...)`: a stream to the database inside this process. */
  readonly poolConfig: object
  readonly close: () => Promise<void>
}
/**
 * Opens the embedded database in a folder, which is made where it is missing.
 *
 * `snapshot` gives a tar of a prepared data folder, asked for only when the folder is empty; without one, PostgreSQL makes it.
 * Refuses with start/data-folder-in-use when another process has the folder: two writers lose rows.
 */
export type OpenEmbedded = (
  folder: string,
  options?: { readonly snapshot?: (() => Uint8Array | undefined) | undefined },
) => Promise<Embedded>
