import type pg from 'pg'

/** Tables of plugins' schemas as the rehearsal left them, sorted by schema, table and position. */
export type Catalog = readonly CatalogColumn[]
export interface CatalogColumn {
  readonly schema: string
  readonly table: string
  readonly column: string
  /** `udt_name`: int4, text, timestamptz, `_text` for an array. */
  readonly type: string
  readonly isNullable: boolean
  readonly hasDefault: boolean
}

/** Reads the columns of every table and view in the schemas of plugins. */
export async function readCatalog(pool: pg.Pool): Promise<Catalog> {
  const { rows } = await pool.query<CatalogColumn>(`
    select table_schema as schema, table_name as table, column_name as column, udt_name as type,
           is_nullable = 'YES' as "isNullable", column_default is not null or is_identity = 'YES' or is_generated = 'ALWAYS' as "hasDefault"
    from information_schema.columns
    where table_schema like 'p\\_%'
    order by table_schema collate "C", table_name collate "C", ordinal_position`)
  return rows
}
