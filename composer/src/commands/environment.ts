/** Where the cache is, where the operator moved it. */
export const cacheDir = (): string | undefined => process.env['COMPOSE_CACHE_DIR'] || undefined

/** A PostgreSQL server that a distribution without an embedded database is proved on. */
export const proveDatabaseUrl = (): string | undefined =>
  process.env['COMPOSE_PROVE_DATABASE_URL'] || undefined

/** What docker-compose is told to call the project; empty where nobody says. */
export const projectName = (): string => process.env['COMPOSE_PROJECT_NAME'] ?? ''

/** Whether lines can be replaced where progress is told. */
export const isTerminal = (): boolean => process.stderr.isTTY && process.env['TERM'] !== 'dumb'

/** Colour is for terminals, and for those who did not say no to it. */
export const hasColour = (): boolean => isTerminal() && !process.env['NO_COLOR']
