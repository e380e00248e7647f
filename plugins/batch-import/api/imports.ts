import { HttpError, type Db } from '@bitcartcc/sdk/server'
import type { BatchImport } from '../plugin.gen.ts'
import type { Import } from './shapes.ts'

const pageSize = 25

/** One page of imports, newest first. */
export async function importPage(
  db: Db<BatchImport>,
  cursor?: string,
): Promise<{ items: Import[]; next: string | null }> {
  let query = importsOf(db)
  if (cursor !== undefined) query = query.where('id', '<', cursor)
  const rows = await query
    .orderBy('id', 'desc')
    .limit(pageSize + 1)
    .execute()
  const items = rows.slice(0, pageSize).map(importOf)
  return { items, next: rows.length > pageSize ? (items.at(-1)?.id ?? null) : null }
}

/** One import, 404 without it. */
export async function readImport(db: Db<BatchImport>, id: string): Promise<Import> {
  const row = await importsOf(db).where('id', '=', id).executeTakeFirst()
  if (!row) throw new HttpError(404, 'There is no such import.')
  return importOf(row)
}

/** Stores products can go to, the first one first. */
export const storesOf = (db: Db<BatchImport>) =>
  db
    .selectFrom('core_v1.stores')
    .select(['id', 'name', 'currency'])
    .orderBy('created_at')
    .orderBy('id')
    .execute()

/** The store that was asked for, else the first. */
export async function storeOf(db: Db<BatchImport>, storeId: string | undefined) {
  const stores = await storesOf(db)
  const store = storeId === undefined ? stores[0] : stores.find((each) => each.id === storeId)
  if (store) return { store, stores }
  throw stores.length === 0
    ? new HttpError(409, 'There is no store yet: register the administrator first.')
    : new HttpError(422, 'There is no such store.', [{ field: 'storeId', says: 'names no store' }])
}

const importsOf = (db: Db<BatchImport>) =>
  db
    .selectFrom('imports')
    .select([
      'id',
      'file_name',
      'mode',
      'state',
      'total_rows',
      'checked_rows',
      'imported_rows',
      'refused_rows',
      'message',
      'created_by',
      'created_at',
      'ended_at',
    ])

type Row = Awaited<ReturnType<ReturnType<typeof importsOf>['executeTakeFirstOrThrow']>>

const importOf = (row: Row): Import => ({
  id: row.id,
  fileName: row.file_name,
  mode: row.mode as Import['mode'], // a check of the table
  state: row.state as Import['state'], // a check of the table
  totalRows: row.total_rows,
  checkedRows: row.checked_rows,
  importedRows: row.imported_rows,
  refusedRows: row.refused_rows,
  message: row.message,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  endedAt: row.ended_at?.toISOString() ?? null,
})
