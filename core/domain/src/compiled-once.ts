import type { CompiledQuery } from 'kysely'
import { keepPrepared } from './prepared.ts'
import type { CoreDb } from './world.ts'

/**
 * Makes a query that is asked often: its text is made at the first time, and with each other set of values that are there;
 * connections keep it prepared. It names its columns: with `*`, a column that a later release adds breaks what runs.
 *
 * What builds it may only put the values into it, each as it stands: at that time they are placeholders. Absent ones are undefined.
 */
export function compiledOnce<Values extends object, Row>(
  build: (db: CoreDb, values: Values) => Query<Row>,
): (db: CoreDb, values: Values) => Promise<readonly Row[]> {
  const known = new Map<string, (values: Values) => CompiledQuery<Row>>()
  return async (db, values) => {
    const names = Object.keys(values).filter((name) => values[name as keyof Values] !== undefined) // its own keys
    const shape = names.join(' ')
    const filled = known.get(shape) ?? withPlaces(names, (places) => build(db, places).compile(db))
    known.set(shape, filled)
    return (await db.executeQuery(filled(values))).rows
  }
}

/** What Kysely's builders and its raw `sql` have in common. */
interface Query<Row> {
  compile(db: CoreDb): CompiledQuery<Row>
}

function withPlaces<Values extends object, Row>(
  names: readonly string[],
  compile: (places: Values) => CompiledQuery<Row>,
): (values: Values) => CompiledQuery<Row> {
  const nameOf = new Map(names.map((name) => [placeOf(name), name as keyof Values])) // its own keys
  const query = compile(Object.fromEntries(names.map((name) => [name, placeOf(name)])) as Values) // nobody looks at them
  keepPrepared(query.sql)
  return (values) => ({
    ...query,
    parameters: query.parameters.map((parameter) => {
      const name = nameOf.get(parameter as string) // where it is none, it is not there
      return name === undefined ? parameter : values[name]
    }),
  })
}

// No value has a NUL: the database takes none.
const placeOf = (name: string) => `\0${name}`
