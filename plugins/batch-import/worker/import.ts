import { HttpError, sql, type Context, type Db, type Generated } from '@bitcartcc/sdk/server'
import type { ProductInput } from '@bitcartcc/sdk/resources'
import { storeOf } from '../api/imports.ts'
import { readProducts, type ReadProducts } from '../api/read-products.ts'
import { job, type BatchImport } from '../plugin.gen.ts'

/** Checks every row of a file, then adds all good products in one transaction, or none. May run again after a crash. */
export default job('import', async ({ importId }, context) => {
  const found = await context.db
    .selectFrom('imports')
    .selectAll()
    .where('id', '=', importId)
    .executeTakeFirst()
  if (!found || found.content === null) return
  const ended = await attempt(context, { ...found, content: found.content })
  await change(context, importId, { ...ended, content: null, ended_at: new Date() })
})

interface Started {
  readonly id: string
  readonly content: string
  readonly store_id: string
  readonly mode: string
  readonly state: string
}

/** How the import ends. Throws only where another attempt may do better: a shutdown, a database that is gone. */
async function attempt(context: Context<BatchImport>, found: Started): Promise<Change> {
  const { id, content } = found
  const { store } = await storeOf(context.db, found.store_id)
  if (found.state === 'importing') {
    const added = await addedBy(context.db, id)
    if (added > 0) return { state: 'done', imported_rows: added }
  }
  await change(context, id, { state: 'checking', checked_rows: 0, total_rows: linesOf(content) })
  const read = await readProducts(content, store, async (checked) => {
    context.signal.throwIfAborted()
    await change(context, id, { checked_rows: checked })
  })
  await report(context, id, read)
  const refusal = refusalOf(read, found.mode)
  if (refusal !== undefined) return { state: 'failed', message: refusal }
  return add(context, id, read.products)
}

async function add(
  context: Context<BatchImport>,
  id: string,
  products: readonly ProductInput[],
): Promise<Change> {
  await change(context, id, { state: 'importing', import_started_at: await nowOf(context) })
  try {
    await context.core.products.createMany(products, { metadata: { import: id } })
  } catch (error) {
    if (error instanceof HttpError)
      return { state: 'failed', message: `No row was imported. ${error.message}` }
    // The answer may have been lost on its way, and the products not.
    if ((await addedBy(context.db, id)) === 0) {
      context.log.error('an import failed', { importId: id, error: String(error) })
      return {
        state: 'failed',
        message: 'No row was imported: the server could not add the products. Its log says why.',
      }
    }
  }
  return { state: 'done', imported_rows: products.length }
}

function refusalOf(read: ReadProducts, mode: string): string | undefined {
  if (read.problems.length > 0) return `No row was imported. ${read.problems.join(' ')}`
  if (read.products.length === 0) return 'No row was imported: every row was refused.'
  if (mode === 'all-or-nothing' && read.refused.length > 0)
    return `No row was imported: ${read.refused.length === 1 ? 'one row was' : `${read.refused.length} rows were`} refused, and you asked for all rows or none.`
  return undefined
}

/** Keeps every refused row with line and reason. */
async function report({ tx }: Context<BatchImport>, importId: string, read: ReadProducts) {
  await tx(async (t) => {
    await t.db.deleteFrom('refused_rows').where('import_id', '=', importId).execute()
    for (let from = 0; from < read.refused.length; from += 500) {
      await t.db
        .insertInto('refused_rows')
        .values(
          read.refused.slice(from, from + 500).map((row) => ({ import_id: importId, ...row })),
        )
        .execute()
    }
    await t.db
      .updateTable('imports')
      .set({
        total_rows: read.rows,
        checked_rows: read.rows,
        refused_rows: read.refused.length,
        header: read.headerText,
      })
      .where('id', '=', importId)
      .execute()
  })
}

type Columns = BatchImport['tables']['imports']
type Change = {
  readonly [K in keyof Columns]?: Columns[K] extends Generated<infer T> ? T : Columns[K]
}

async function change({ db }: Context<BatchImport>, importId: string, set: Change) {
  await db.updateTable('imports').set(set).where('id', '=', importId).execute()
}

/** How many products say that they came with this import: all were added in one transaction, or none. */
async function addedBy(db: Db<BatchImport>, importId: string): Promise<number> {
  const { count } = await db
    .selectFrom('core_v1.product_metadata')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('namespace', '=', 'batch-import')
    .where('value', '@>', sql<never>`${JSON.stringify({ import: importId })}::jsonb`)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** The database's clock, which also dates products. */
async function nowOf({ db }: Context<BatchImport>): Promise<Date> {
  const { now } = await db
    .selectNoFrom(({ fn }) => fn<Date>('now').as('now'))
    .executeTakeFirstOrThrow()
  return now
}

/** About how many rows there are, until they are counted. */
const linesOf = (text: string) => text.split('\n').length
