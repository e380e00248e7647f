import { sql, type Expression, type SqlBool } from 'kysely'
import { metadataNouns, type MetadataNoun } from '@bitcartcc/sdk/manifest'
import type { Metadata, MetadataInput, MetadataKey } from '@bitcartcc/sdk/resources'
import type { PluginFacts } from '@bitcartcc/sdk/wiring'
import { notFound, unfit } from './refusals.ts'
import type { CoreDb } from './world.ts'

export type Noted = Readonly<Record<string, unknown>>

const maxBytes = 16_384
/** The namespace of whoever runs the shop; no plugin has this name. */
const merchants = 'merchant'
const keyPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/

const tables = {
  store: 'stores',
  product: 'products',
  cart: 'carts',
  invoice: 'invoices',
  user: 'users',
  webhook: 'webhooks',
  notice: 'notice_rules',
} as const satisfies Record<MetadataNoun, string>

/** Gives each record with what is noted about it. */
export async function withMetadata<T extends { readonly id: string }>(
  db: CoreDb,
  noun: MetadataNoun,
  records: readonly T[],
): Promise<(T & { metadata: Metadata })[]> {
  if (records.length === 0) return []
  const rows = await db
    .selectFrom(`${noun}_metadata`)
    .select(['record_id', 'namespace', 'value'])
    .where(
      'record_id',
      'in',
      records.map(({ id }) => id),
    )
    .orderBy('namespace')
    .execute()
  const noted = Map.groupBy(rows, (row) => row.record_id)
  return records.map((record) => ({
    ...record,
    metadata: Object.fromEntries(
      (noted.get(record.id) ?? []).map(({ namespace, value }) => [namespace, { ...value }]),
    ),
  }))
}

/** One record with what is noted about it, once the merchant's own notes are written. */
export async function noting<T extends { readonly id: string }>(
  db: CoreDb,
  noun: MetadataNoun,
  record: T,
  input: MetadataInput | undefined,
): Promise<T & { metadata: Metadata }> {
  if (input) await note(db, noun, record.id, merchants, input.merchant)
  const [noted] = await withMetadata(db, noun, [record])
  if (!noted) throw new Error('one record gives one')
  return noted
}

/**
 * Changes what one namespace notes about a record: keys that are given take their new value, and null takes one away.
 *
 * Gives all that the namespace notes by then. 404 where there is no such record; 422 with the key for what cannot be kept.
 */
export async function note(
  db: CoreDb,
  noun: MetadataNoun,
  id: string,
  namespace: string,
  changes: Noted,
): Promise<Noted> {
  checkNotes(namespace, changes)
  const record = await db
    .selectFrom(tables[noun])
    .select('id')
    .where('id', '=', id)
    .forKeyShare()
    .executeTakeFirst()
  if (!record) throw notFound(noun)
  const entries = Object.entries(changes).filter(([, value]) => value !== undefined)
  const kept = JSON.stringify(Object.fromEntries(entries.filter(([, value]) => value !== null)))
  const gone = entries.filter(([, value]) => value === null).map(([key]) => key)
  const { value } = await db
    .insertInto(`${noun}_metadata`)
    .values({ record_id: id, namespace, value: kept })
    .onConflict((on) =>
      on.columns(['record_id', 'namespace']).doUpdateSet((set) => ({
        value: sql<string>`(${set.ref(`${noun}_metadata.value`)} || excluded.value) - ${gone}::text[]`,
        updated_at: sql<Date>`now()`,
      })),
    )
    .returning('value')
    .executeTakeFirstOrThrow()
  checkSize(namespace, value)
  if (Object.keys(value).length === 0)
    await db
      .deleteFrom(`${noun}_metadata`)
      .where('record_id', '=', id)
      .where('namespace', '=', namespace)
      .execute()
  return value
}

/** Notes the same about records that were made in this transaction. */
export async function noteAll(
  db: CoreDb,
  noun: MetadataNoun,
  ids: readonly string[],
  namespace: string,
  value: Noted,
): Promise<void> {
  checkNotes(namespace, value)
  checkSize(namespace, value)
  for (let from = 0; from < ids.length; from += 1000)
    await db
      .insertInto(`${noun}_metadata`)
      .values(
        ids.slice(from, from + 1000).map((record_id) => ({
          record_id,
          namespace,
          value: JSON.stringify(value),
        })),
      )
      .execute()
}

/** What one namespace notes about a record; empty where it notes nothing. */
export async function notesOf(
  db: CoreDb,
  noun: MetadataNoun,
  id: string,
  namespace: string,
): Promise<Noted> {
  const row = await db
    .selectFrom(`${noun}_metadata`)
    .select('value')
    .where('record_id', '=', id)
    .where('namespace', '=', namespace)
    .executeTakeFirst()
  return row?.value ?? {}
}

/**
 * Says of a row of a list whether all of this is noted about it; each is `namespace.key:value`.
 *
 * A value is found as a text, as the number or truth value it reads as, and as one of a list.
 */
export function isNoted(
  noun: MetadataNoun,
  recordId: Expression<string>,
  filters: readonly string[] = [],
): Expression<SqlBool> {
  if (filters.length === 0) return sql<SqlBool>`true`
  const conditions = filters.map((filter) => {
    const [, namespace = '', key = '', text = ''] =
      /^([a-z][a-z0-9-]*)\.([A-Za-z0-9][A-Za-z0-9_-]{0,63}):(.*)$/su.exec(filter) ?? []
    if (namespace === '')
      throw unfit('metadata', 'must be like merchant.supplier:Acme: a namespace, a key and a value')
    const wanted = [text, ...readAs(text)].flatMap((value) => [
      JSON.stringify({ [key]: value }),
      JSON.stringify({ [key]: [value] }),
    ])
    return sql`exists (select from ${sql.table(`core.${noun}_metadata`)} as noted
      where noted.record_id = ${recordId} and noted.namespace = ${namespace}
      and (${sql.join(
        wanted.map((json) => sql`noted.value @> ${json}::jsonb`),
        sql` or `,
      )}))`
  })
  return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`
}

function readAs(text: string): (number | boolean)[] {
  if (text === 'true' || text === 'false') return [text === 'true']
  return /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(text) ? [Number(text)] : []
}

function checkNotes(namespace: string, notes: Noted): void {
  const field = `metadata.${namespace}`
  for (const [key, value] of Object.entries(notes)) {
    if (!keyPattern.test(key))
      throw unfit(
        field,
        `has the key “${key.slice(0, 80)}”: a key has letters, digits, - and _, at most 64`,
      )
    if (!isStorable(value))
      throw unfit(`${field}.${key}`, 'must be plain JSON, with texts of whole characters, no NUL')
  }
}

function checkSize(namespace: string, notes: Noted): void {
  const bytes = Buffer.byteLength(JSON.stringify(notes))
  if (bytes > maxBytes)
    throw unfit(
      `metadata.${namespace}`,
      `must be at most ${maxBytes} bytes as JSON, and would be ${bytes}`,
    )
}

/** PostgreSQL keeps no NUL and no half of a surrogate pair, and this house nothing that JSON cannot say. */
function isStorable(value: unknown, depth = 0): boolean {
  if (value === null || typeof value === 'boolean') return true
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed()
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || depth > 20) return false
  if (Array.isArray(value)) return value.every((each) => isStorable(each, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  return (
    (prototype === Object.prototype || prototype === null) &&
    Object.entries(value).every(
      ([key, each]) => isStorable(key) && (each === undefined || isStorable(each, depth + 1)),
    )
  )
}

/** Keys that plugins declare, by plugin, noun and key. */
export const declaredKeys = (facts: ReadonlyMap<string, PluginFacts>): MetadataKey[] =>
  [...facts.values()].flatMap((plugin) =>
    metadataNouns.flatMap((noun) =>
      Object.entries(plugin.metadata?.[noun] ?? {}).map(([key, schema]) => ({
        plugin: plugin.name,
        pluginTitle: plugin.title,
        noun,
        key,
        title: titleOf(schema) ?? key,
      })),
    ),
  )

const titleOf = (schema: object): string | undefined => {
  const { title } = schema as { title?: unknown } // a JSON Schema may have one
  return typeof title === 'string' ? title : undefined
}
