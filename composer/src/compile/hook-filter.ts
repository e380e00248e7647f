/**
 * A filter of a bundler's hook: these ids alone.
 *
 * The bundler heeds it by itself; a hook without one is asked about every import of every module, in this process, which
 * waits for each answer.
 */
export const exactly = (ids: Iterable<string>): RegExp =>
  new RegExp(`^(?:${[...ids].map((id) => RegExp.escape(id)).join('|')})$`)

/** The same for ids that begin so. */
export const beginningWith = (prefix: string): RegExp => new RegExp(`^${RegExp.escape(prefix)}`)
