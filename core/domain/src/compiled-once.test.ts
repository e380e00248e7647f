import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely'
import type { CompiledQuery } from 'kysely'
import { expect, test } from 'vitest'
import { compiledOnce } from './compiled-once.ts'
import type { CoreDb } from './world.ts'

test('a query is built once for each set of values that are there, and asked with those it is given', async () => {
  const asked: unknown[] = []
  class Driver extends DummyDriver {
    override async acquireConnection() {
      return {
        ...(await super.acquireConnection()),
        async executeQuery<R>({ sql, parameters }: CompiledQuery) {
          asked.push([sql, parameters])
          return { rows: [] as R[] }
        },
      }
    }
  }
  const db = new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new Driver(),
      createIntrospector: (each) => new PostgresIntrospector(each),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }) as CoreDb // of no tables: nothing is read
  let built = 0
  const found = compiledOnce(
    (within, { name, stock }: { readonly name: string; readonly stock?: number | undefined }) => {
      built += 1
      const query = within.selectFrom('products').select('id').where('name', '=', name)
      return stock === undefined
        ? query
        : query.where('stock', '>', stock).where('name', '!=', 'Tea')
    },
  )
  for (const values of [
    { name: 'Mug' },
    { name: 'Pot', stock: undefined },
    { name: 'Tea', stock: 3 },
    { stock: 4, name: 'Tea' },
  ])
    await found(db, values)
  expect({ built, asked }).toEqual({
    built: 3,
    asked: [
      ['select "id" from "products" where "name" = $1', ['Mug']],
      ['select "id" from "products" where "name" = $1', ['Pot']],
      [
        'select "id" from "products" where "name" = $1 and "stock" > $2 and "name" != $3',
        ['Tea', 3, 'Tea'],
      ],
      [
        'select "id" from "products" where "name" = $1 and "stock" > $2 and "name" != $3',
        ['Tea', 4, 'Tea'],
      ],
    ],
  })
})
