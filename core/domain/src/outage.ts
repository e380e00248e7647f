/** Errors of a connection that could not be made, or that broke: they carry nothing that others do not. */
const broken = new WeakSet<Error>()
/** As `pg` and Node throw them; an AggregateError where a name has several addresses. A TypeError would be a bug. */
const names = ['Error', 'AggregateError']

/** SQLSTATE of what PostgreSQL answered; `pg` and PGlite have classes of their own for it, with the same fields. */
const stateOf = (error: Error): string | undefined =>
  'severity' in error && 'code' in error ? String(error.code) : undefined

/** Notes what a connection failed with, where that is no answer of the server's and no mistake of ours; throws it on. */
export function notedBreak(error: unknown): never {
  if (error instanceof Error && stateOf(error) === undefined && names.includes(error.name))
    broken.add(error)
  throw error
}

/** What the database cannot do at the moment, for whoever asked for it; undefined for any other error. */
export function outageOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const state = stateOf(error) ?? ''
  if (state === '53100')
    return 'The disk of the database is full: nothing can be stored until there is room.'
  // A server that ends, begins, or takes no more connections.
  return broken.has(error) || /^(08|53|57P0)/.test(state)
    ? 'The database does not answer at the moment. Try again shortly.'
    : undefined
}
