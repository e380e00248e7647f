import { HttpError, Type } from '@bitcartcc/sdk/server'
import { route, routes } from '../plugin.gen.ts'
import { importPage, readImport, storeOf } from './imports.ts'
import { maxBytes, readProducts } from './read-products.ts'
import { Import, Mode, Preview, RefusedRow } from './shapes.ts'

const Id = Type.Object({ id: Type.String({ pattern: '^[0-9]{1,18}$' }) })
const Text = Type.String({ maxLength: maxBytes })
const StoreId = Type.Optional(Type.String({ minLength: 1, maxLength: 64 }))
/** JSON escapes quotes and line ends. */
const bodyLimitBytes = maxBytes * 2.5

export default routes({
  'POST /preview': route(
    {
      permission: 'products.manage',
      body: Type.Object({ text: Text, storeId: StoreId }, { additionalProperties: false }),
      bodyLimitBytes,
      returns: Preview,
      summary: 'Says what a CSV file of products comes to, and writes nothing.',
    },
    async ({ body }, { db, userSettings, user }) => {
      const { store, stores } = await storeOf(db, body.storeId)
      const read = await readProducts(fitting(body.text), store)
      return {
        found: [...read.header.places.keys()],
        unknown: [...read.header.unknown],
        delimiter: read.delimiter,
        names: [...read.header.names],
        first: read.first.map((row) => ({ line: row.line, cells: [...row.cells] })),
        goodRows: read.products.length,
        refusedRows: read.refused.length,
        refused: read.refused
          .slice(0, 100)
          .map((row) => ({ ...row, text: row.text.slice(0, 500) })),
        problems: [...read.problems],
        storeId: store.id,
        stores,
        mode: (await userSettings(user?.id ?? '')).refusedRows,
      }
    },
  ),

  'GET /imports': route(
    {
      permission: 'products.manage',
      query: Type.Object({ cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}$' })) }),
      returns: Type.Object({
        items: Type.Array(Import),
        next: Type.Union([Type.String(), Type.Null()]),
      }),
      summary: 'Lists imports, newest first.',
    },
    ({ query }, { db }) => importPage(db, query.cursor),
  ),

  'POST /imports': route(
    {
      permission: 'products.manage',
      body: Type.Object(
        {
          fileName: Type.String({ minLength: 1, maxLength: 255 }),
          text: Text,
          storeId: StoreId,
          mode: Mode,
        },
        { additionalProperties: false },
      ),
      bodyLimitBytes,
      returns: Import,
      summary: 'Starts the import of a CSV file of products.',
    },
    async ({ body }, { db, tx, user }) => {
      const { store } = await storeOf(db, body.storeId)
      const content = fitting(body.text)
      return tx(async (t) => {
        const { id } = await t.db
          .insertInto('imports')
          .values({
            file_name: body.fileName.replaceAll('\0', ''),
            store_id: store.id,
            mode: body.mode,
            content,
            created_by: user?.name ?? '',
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        await t.jobs.add('import', { importId: id }, { key: id })
        return readImport(t.db, id)
      })
    },
  ),

  'GET /imports/:id': route(
    {
      permission: 'products.manage',
      params: Id,
      returns: Import,
      summary: 'Says how far an import is.',
    },
    ({ params }, { db }) => readImport(db, params.id),
  ),

  'GET /imports/:id/refused': route(
    {
      permission: 'products.manage',
      params: Id,
      returns: Type.Object({ header: Type.String(), items: Type.Array(RefusedRow) }),
      summary: 'Lists every refused row of an import with line and reason.',
    },
    async ({ params }, { db }) => {
      const found = await db
        .selectFrom('imports')
        .select('header')
        .where('id', '=', params.id)
        .executeTakeFirst()
      if (!found) throw new HttpError(404, 'There is no such import.')
      const items = await db
        .selectFrom('refused_rows')
        .select(['line', 'reason', 'text'])
        .where('import_id', '=', params.id)
        .orderBy('line')
        .execute()
      return { header: found.header, items }
    },
  ),
})

/** The text as PostgreSQL can keep it: a NUL becomes the sign for what could not be read, and its row is refused. */
function fitting(text: string): string {
  if (Buffer.byteLength(text) > maxBytes)
    throw new HttpError(413, 'The file is larger than 10 MB. Split it into several files.')
  return text.replaceAll('\0', '\uFFFD')
}
