import { sql, type RawBuilder } from 'kysely'
import { compiledOnce } from './compiled-once.ts'
import type { CoreDb } from './world.ts'

/** Whose value it is: that of the whole shop, of one store, or of one user. */
export type Owner =
  | { readonly scope: 'global' }
  | { readonly scope: 'store' | 'user'; readonly id: string }
export const wholeShop: Owner = { scope: 'global' }

/** JSON, encrypted where it is secret. */
export interface StoredSetting {
  readonly value: string
  readonly isSecret: boolean
}

/** What names a value, also where it is encrypted: one that was moved to another store cannot be read. */
export const placeOf = (owner: Owner, plugin: string, key: string) =>
  owner.scope === 'global' ? `${plugin}.${key}` : `${plugin}.${key} of ${owner.scope} ${owner.id}`

/** Reads what was given in the admin, by place: the owner's values and those of the whole shop, in one question. */
export async function readSettingRows(
  db: CoreDb,
  owner: Owner,
  plugin: string | undefined,
): Promise<ReadonlyMap<string, StoredSetting>> {
  const { rows } = await (plugin === undefined
    ? rowsSql(owner, sql`true`).execute(db)
    : owner.scope === 'global'
      ? ofShop(db, { plugin }).then((found) => ({ rows: found }))
      : owner.scope === 'store'
        ? ofStore(db, { plugin, id: owner.id }).then((found) => ({ rows: found }))
        : rowsSql(owner, sql`plugin = ${plugin}`).execute(db))
  return storedOf(owner, rows)
}

/** What was read as rows of `storeSettingsSql`, by place. */
export const storedOf = (
  owner: Owner,
  rows: readonly SettingRow[],
): ReadonlyMap<string, StoredSetting> =>
  new Map(
    rows.map((row) => [
      placeOf(row.is_own ? owner : wholeShop, row.plugin, row.key),
      { value: row.value, isSecret: row.is_secret },
    ]),
  )

export interface SettingRow {
  readonly is_own: boolean
  readonly plugin: string
  readonly key: string
  readonly value: string
  readonly is_secret: boolean
}

/** The rows of one plugin's values for a store, as part of another question; `storeId` is a column there. */
export const storeSettingsSql = (plugin: string, storeId: RawBuilder<string>) =>
  union(
    sql`store_id = ${storeId}`,
    sql.table('core.store_settings'),
    sql`plugin = ${sql.lit(plugin)}`,
  )

// Each in one text of its own: a transaction asks it every time.
const ofShop = compiledOnce((_, { plugin }: { readonly plugin: string }) =>
  rowsSql(wholeShop, sql`plugin = ${plugin}`),
)
const ofStore = compiledOnce(
  (_, { plugin, id }: { readonly plugin: string; readonly id: string }) =>
    rowsSql({ scope: 'store', id }, sql`plugin = ${plugin}`),
)

function rowsSql(owner: Owner, isAsked: RawBuilder<unknown>) {
  return owner.scope === 'global'
    ? sql<SettingRow>`select false as is_own, ${columns} from core.settings where ${isAsked}`
    : union(isOf(owner), tableOf(owner), isAsked)
}

const columns = sql`plugin, key, value, is_secret`
const union = (
  isOwn: RawBuilder<unknown>,
  table: RawBuilder<unknown>,
  isAsked: RawBuilder<unknown>,
) =>
  sql<SettingRow>`select false as is_own, ${columns} from core.settings where ${isAsked}
    union all select true, ${columns} from ${table} where ${isOwn} and ${isAsked}`

/** Writes one value; without one, what was given is forgotten. */
export async function writeSettingRow(
  db: CoreDb,
  owner: Owner,
  plugin: string,
  key: string,
  stored: StoredSetting | undefined,
): Promise<void> {
  const table = tableOf(owner)
  if (!stored) {
    await sql`delete from ${table} where ${isOf(owner)} and plugin = ${plugin} and key = ${key}`.execute(
      db,
    )
    return
  }
  const [column, id] =
    owner.scope === 'global' ? [sql``, sql``] : [sql`${columnOf(owner)}, `, sql`${owner.id}, `]
  await sql`
    insert into ${table} (${column}plugin, key, value, is_secret)
    values (${id}${plugin}, ${key}, ${stored.value}, ${stored.isSecret})
    on conflict (${column}plugin, key)
    do update set value = excluded.value, is_secret = excluded.is_secret, updated_at = now()`.execute(
    db,
  )
}

type Narrow = Exclude<Owner, { readonly scope: 'global' }>
const tableOf = ({ scope }: Owner) =>
  sql.table(scope === 'global' ? 'core.settings' : `core.${scope}_settings`)
const columnOf = ({ scope }: Narrow) => sql.ref(`${scope}_id`)
const isOf = (owner: Owner) =>
  owner.scope === 'global' ? sql`true` : sql`${columnOf(owner)} = ${owner.id}`
