import type pg from 'pg'

const names = new Map<string, string>()

/** Says that a text of SQL is asked often: each connection has it read once by the server, which may keep its plan. */
export function keepPrepared(text: string): void {
  if (!names.has(text)) names.set(text, `core${names.size + 1}`)
}

let connections = 0

/**
 * Has a connection ask by name for what is kept prepared.
 *
 * The names are those of the connection: on the embedded database, one that follows a broken one finds the names of that still there.
 */
export function askByName(client: pg.PoolClient): void {
  const own = ++connections
  const query = client.query.bind(client) as (...given: unknown[]) => unknown // its overloads in one
  client.query = ((asked: unknown, ...rest: unknown[]) => {
    const name = typeof asked === 'string' ? names.get(asked) : undefined
    return name === undefined
      ? query(asked, ...rest)
      : query({ text: asked, name: `${name}_${own}` }, ...rest)
  }) as typeof client.query // its overloads in one
}
