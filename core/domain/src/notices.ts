import { sql, type Selectable } from 'kysely'
import type { NoticeMessage, NoticeRule } from '@bitcartcc/sdk/resources'
import { HttpError } from '@bitcartcc/sdk/server'
import { checkAccount, mergedValues, shownValues, type AccountValues } from './account-values.ts'
import type { Domain } from './domain.ts'
import type { JobQueue } from './jobs.ts'
import { showChannel, type Channel } from './notice-channels.ts'
import { queueNotice } from './notice-queue.ts'
import { placeOfRule, reasonOf } from './notice-tries.ts'
import { noticeEvents } from './notice-words.ts'
import { isNoted, noting, withMetadata } from './metadata.ts'
import { pageOf, seqOf } from './page.ts'
import { conflict, notFound, unfit } from './refusals.ts'
import { open, seal } from './secret-key.ts'
import { storeOrFirst } from './stores.ts'
import type { CoreTables } from './tables.ts'
import { newId, type World } from './world.ts'

type RuleRow = Selectable<CoreTables['notice_rules']>
type Audience = RuleRow['audience']

interface Parts {
  readonly queue: JobQueue
  readonly channels: ReadonlyMap<string, Channel>
  readonly key: Buffer
}

/** Who is told of what happens in a store, through which channel, and how that went. */
export function createNotices(world: World, { queue, channels, key }: Parts): Domain['notices'] {
  const { db } = world
  const channelOf = (name: string): Channel => {
    const channel = channels.get(name)
    if (!channel)
      throw unfit(
        'channel',
        channels.size === 0
          ? 'cannot be chosen: no plugin of this shop has one'
          : `must be one of ${[...channels.keys()].join(', ')}`,
      )
    return channel
  }
  const ruleAt = async (id: string): Promise<RuleRow> => {
    const row = await db
      .selectFrom('notice_rules')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    if (!row) throw notFound('notice')
    return row
  }
  const storedIn = (row: RuleRow | undefined): AccountValues | undefined => {
    const text = row?.sealed_target && open(key, placeOfRule(row.id), row.sealed_target)
    return text ? (JSON.parse(text) as AccountValues) : undefined // sealed below
  }
  /** The whole target that typed values make; 422 with every field that does not fit. */
  const targetOf = (channel: Channel, typed: AccountValues, row?: RuleRow): AccountValues => {
    const values = mergedValues(channel.code.target, typed, storedIn(row))
    checkAccount(channel.code.target, values)
    return values
  }
  const targetColumns = (
    id: string,
    channel: Channel,
    audience: Audience,
    typed: AccountValues,
    row?: RuleRow,
  ) => {
    if (audience === 'buyer') {
      if (!channel.code.toBuyer)
        throw unfit('audience', `cannot be the buyer: ${channel.title} reaches none`)
      return { sealed_target: null, target_name: 'The buyer' }
    }
    const target = targetOf(channel, typed, row)
    return {
      sealed_target: seal(key, placeOfRule(id), JSON.stringify(target)),
      target_name: channel.code.nameOf(target).slice(0, 300),
    }
  }
  const show = (row: RuleRow): NoticeRule => ({
    id: row.id,
    storeId: row.store_id,
    channel: row.channel,
    audience: row.audience,
    targetName: row.target_name,
    values: shownValues(channels.get(row.channel)?.code.target ?? {}, storedIn(row) ?? {}),
    events: [...row.events],
    isEnabled: row.is_enabled,
    createdAt: row.created_at.toISOString(),
  })
  return {
    events: noticeEvents,
    channels: () => [...channels.values()].map(showChannel),
    async list(storeId, metadata) {
      await storeOrFirst(db, storeId)
      const rows = await db
        .selectFrom('notice_rules')
        .selectAll()
        .where('store_id', '=', storeId)
        .where((where) => isNoted('notice', where.ref('notice_rules.id'), metadata))
        .orderBy('seq')
        .execute()
      return withMetadata(db, 'notice', rows.map(show))
    },
    async create(storeId, { channel: name, audience, values = {}, events, metadata }) {
      await storeOrFirst(db, storeId)
      const id = newId()
      const columns = {
        id,
        store_id: storeId,
        channel: name,
        audience,
        ...targetColumns(id, channelOf(name), audience, values),
        events: JSON.stringify(eventsOf(audience, events)),
      }
      return world.transaction(async (tx) => {
        const row = await tx.db
          .insertInto('notice_rules')
          .values(columns)
          .returningAll()
          .executeTakeFirstOrThrow()
        return noting(tx.db, 'notice', show(row), metadata)
      })
    },
    async update(id, { values, events, isEnabled, metadata }) {
      const before = await ruleAt(id)
      const columns = {
        ...(values === undefined
          ? {}
          : targetColumns(id, channelOf(before.channel), before.audience, values, before)),
        ...(events === undefined
          ? {}
          : { events: JSON.stringify(eventsOf(before.audience, events)) }),
        is_enabled: isEnabled ?? before.is_enabled,
      }
      return world.transaction(async (tx) => {
        const row = await tx.db
          .updateTable('notice_rules')
          .set(columns)
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst()
        if (!row) throw notFound('notice')
        return noting(tx.db, 'notice', show(row), metadata)
      })
    },
    async remove(id) {
      await world.transaction(async (tx) => {
        const { numDeletedRows } = await tx.db
          .deleteFrom('notice_rules')
          .where('id', '=', id)
          .executeTakeFirst()
        if (numDeletedRows === 0n) throw notFound('notice')
      })
    },
    async test(storeId, { channel: name, values, ruleId }) {
      const store = await storeOrFirst(db, storeId)
      const row = ruleId === undefined ? undefined : await ruleAt(ruleId)
      if (row && (row.store_id !== storeId || row.channel !== name)) throw notFound('notice')
      const channel = channelOf(name)
      const target = targetOf(channel, values, row)
      const message = {
        id: newId(),
        event: 'test',
        storeId,
        storeName: store.name,
        subject: 'A test message',
        text: 'This is a test message of your shop: you are told here of what happens in it.\n',
      }
      try {
        await channel.send(message, target)
      } catch (error) {
        if (error instanceof HttpError) throw error
        throw conflict(reasonOf(error))
      }
    },
    async messages(ruleId, { cursor, limit }) {
      await ruleAt(ruleId)
      let query = db.selectFrom('notice_messages').selectAll().where('rule_id', '=', ruleId)
      const before = seqOf(cursor)
      if (before !== undefined) query = query.where('seq', '<', before)
      const rows = await query
        .orderBy('seq', 'desc')
        .limit(limit + 1)
        .execute()
      return pageOf(rows, limit, messageOf)
    },
    resend: (messageId) =>
      world.transaction(async (tx) => {
        const row = await tx.db
          .updateTable('notice_messages')
          .set({ status: 'waiting', tries: 0, failure: null, next_try_at: sql<Date>`now()` })
          .where('id', '=', messageId)
          .where('status', '!=', 'waiting')
          .returningAll()
          .executeTakeFirst()
        if (row) {
          await queueNotice(queue, tx.db, row.id)
          return messageOf(row)
        }
        const waiting = await tx.db
          .selectFrom('notice_messages')
          .selectAll()
          .where('id', '=', messageId)
          .executeTakeFirst()
        if (!waiting) throw notFound('message')
        return messageOf(waiting)
      }),
  }
}

function eventsOf(audience: Audience, asked: readonly string[]): readonly string[] {
  const known: readonly string[] = noticeEvents[audience]
  const unknown = asked.find((event) => !known.includes(event))
  if (unknown !== undefined) throw unfit('events', `has ${unknown}: there are ${known.join(', ')}`)
  if (asked.length === 0) throw unfit('events', 'must name at least one event')
  return known.filter((event) => asked.includes(event))
}

const messageOf = (row: Selectable<CoreTables['notice_messages']>): NoticeMessage => ({
  id: row.id,
  ruleId: row.rule_id,
  event: row.event,
  recipient: row.recipient,
  subject: row.subject ?? '',
  status: row.status,
  tries: row.tries,
  failure: row.failure,
  createdAt: row.created_at.toISOString(),
  triedAt: row.tried_at?.toISOString() ?? null,
  nextTryAt: row.next_try_at?.toISOString() ?? null,
})
