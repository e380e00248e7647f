import { sql } from 'kysely'
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
  const isAsked = plugin === undefined ? sql`true` : sql`plugin = ${plugin}`
  const columns = sql`plugin, key, value, is_secret`
  const { rows } = await sql<Row>`
    select false as is_own, ${columns} from core.settings where ${isAsked}
    ${
      owner.scope === 'global'
        ? sql``
        : sql`union all select true, ${columns} from ${tableOf(owner)} where ${isOf(owner)} and ${isAsked}`
    }`.execute(db)
  return new Map(
    rows.map((row) => [
      placeOf(row.is_own ? owner : wholeShop, row.plugin, row.key),
      { value: row.value, isSecret: row.is_secret },
    ]),
  )
}
interface Row {
  readonly is_own: boolean
  readonly plugin: string
  readonly key: string
  readonly value: string
  readonly is_secret: boolean
}

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
