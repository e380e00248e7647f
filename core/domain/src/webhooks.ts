import { randomBytes } from 'node:crypto'
import { sql, type Selectable } from 'kysely'
import type { Webhook, WebhookDelivery } from '@bitcartcc/sdk/resources'
import { coreEventNames } from '@bitcartcc/sdk/names'
import type { Domain } from './domain.ts'
import type { JobQueue } from './jobs.ts'
import { isNoted, noting, withMetadata } from './metadata.ts'
import { pageOf, seqOf } from './page.ts'
import { notFound, unfit } from './refusals.ts'
import { seal } from './secret-key.ts'
import { storeOrFirst } from './stores.ts'
import type { CoreTables } from './tables.ts'
import { queueTry } from './webhook-queue.ts'
import { webhookUrlOf } from './webhook-target.ts'
import { placeOf } from './webhook-tries.ts'
import { newId, type World } from './world.ts'

/** Which addresses are told of what happens in a store, and how that went. */
export function createWebhooks(
  world: World,
  parts: { readonly queue: JobQueue; readonly settings: Domain['settings']; readonly key: Buffer },
): Domain['webhooks'] {
  const { db } = world
  const { queue, settings, key } = parts
  const urlOf = async (text: string) =>
    webhookUrlOf(text, (await settings.of('core')).webhooksReachPrivate === true)
  return {
    events: coreEventNames,
    async list(storeId, metadata) {
      await storeOrFirst(db, storeId)
      const rows = await db
        .selectFrom('webhooks')
        .selectAll()
        .where('store_id', '=', storeId)
        .where((where) => isNoted('webhook', where.ref('webhooks.id'), metadata))
        .orderBy('seq')
        .execute()
      return withMetadata(db, 'webhook', rows.map(webhookOf))
    },
    async create(storeId, input) {
      await storeOrFirst(db, storeId)
      const id = newId()
      const secret = `whs_${randomBytes(32).toString('base64url')}`
      const values = {
        id,
        store_id: storeId,
        url: await urlOf(input.url),
        events: JSON.stringify(eventsOf(input.events)),
        sealed_secret: seal(key, placeOf(id), secret),
      }
      return world.transaction(async (tx) => {
        const row = await tx.db
          .insertInto('webhooks')
          .values(values)
          .returningAll()
          .executeTakeFirstOrThrow()
        return { ...(await noting(tx.db, 'webhook', webhookOf(row), input.metadata)), secret }
      })
    },
    async update(id, change) {
      const url = change.url === undefined ? undefined : await urlOf(change.url)
      const events = change.events && JSON.stringify(eventsOf(change.events))
      return world.transaction(async (tx) => {
        const row = await tx.db
          .updateTable('webhooks')
          .set((set) => ({
            is_enabled: change.isEnabled ?? set.ref('is_enabled'),
            ...(url === undefined ? {} : { url }),
            ...(events === undefined ? {} : { events }),
          }))
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst()
        if (!row) throw notFound('webhook')
        return noting(tx.db, 'webhook', webhookOf(row), change.metadata)
      })
    },
    async remove(id) {
      await world.transaction(async (tx) => {
        const { numDeletedRows } = await tx.db
          .deleteFrom('webhooks')
          .where('id', '=', id)
          .executeTakeFirst()
        if (numDeletedRows === 0n) throw notFound('webhook')
      })
    },
    async deliveries(id, { cursor, limit }) {
      const webhook = await db
        .selectFrom('webhooks')
        .select('id')
        .where('id', '=', id)
        .executeTakeFirst()
      if (!webhook) throw notFound('webhook')
      let query = db.selectFrom('webhook_deliveries').selectAll().where('webhook_id', '=', id)
      const before = seqOf(cursor)
      if (before !== undefined) query = query.where('seq', '<', before)
      const rows = await query
        .orderBy('seq', 'desc')
        .limit(limit + 1)
        .execute()
      return pageOf(rows, limit, deliveryOf)
    },
    redeliver: (deliveryId) =>
      world.transaction(async (tx) => {
        const before = await tx.db
          .selectFrom('webhook_deliveries')
          .select(['webhook_id', 'event', 'body'])
          .where('id', '=', deliveryId)
          .executeTakeFirst()
        if (!before) throw notFound('delivery')
        const row = await tx.db
          .insertInto('webhook_deliveries')
          .values({ id: newId(), ...before, next_try_at: sql<Date>`now()` })
          .returningAll()
          .executeTakeFirstOrThrow()
        await queueTry(queue, tx.db, row.id)
        return deliveryOf(row)
      }),
  }
}

function eventsOf(asked: readonly string[]): readonly string[] {
  const unknown = asked.find((event) => !coreEventNames.some((each) => each === event))
  if (unknown !== undefined) throw unfit('events', `has ${unknown}, which never happens here`)
  if (asked.length === 0) throw unfit('events', 'must name at least one event')
  return coreEventNames.filter((event) => asked.includes(event))
}

const webhookOf = (row: Selectable<CoreTables['webhooks']>): Webhook => ({
  id: row.id,
  storeId: row.store_id,
  url: row.url,
  events: [...row.events],
  isEnabled: row.is_enabled,
  createdAt: row.created_at.toISOString(),
})

const deliveryOf = (row: Selectable<CoreTables['webhook_deliveries']>): WebhookDelivery => ({
  id: row.id,
  webhookId: row.webhook_id,
  event: row.event,
  status: row.status,
  tries: row.tries,
  responseStatus: row.response_status,
  ms: row.ms,
  failure: row.failure,
  createdAt: row.created_at.toISOString(),
  triedAt: row.tried_at?.toISOString() ?? null,
  nextTryAt: row.next_try_at?.toISOString() ?? null,
})
