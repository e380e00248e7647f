import { sql } from 'kysely'
import type { InvoiceView } from './invoice-view.ts'
import type { JobQueue } from './jobs.ts'
import type { Channel } from './notice-channels.ts'
import { queueNotice } from './notice-queue.ts'
import { wordNotice } from './notice-words.ts'
import { open } from './secret-key.ts'
import type { StoreTexts } from './store-texts.ts'
import { tryPauses } from './try-pauses.ts'
import type { World } from './world.ts'

interface Parts {
  readonly queue: JobQueue
  readonly channels: ReadonlyMap<string, Channel>
  readonly view: InvoiceView
  readonly texts: StoreTexts
  readonly key: Buffer
}

/** What no later try would change. */
class Hopeless extends Error {}

/** Gives what makes one try of a message, writes down how it went, and queues the next where there is one. */
export function createNoticeTries(world: World, parts: Parts) {
  const { db } = world
  const { queue, channels, key } = parts
  const readRow = (messageId: string) =>
    db
      .selectFrom('notice_messages as message')
      .innerJoin('notice_rules as rule', 'rule.id', 'message.rule_id')
      .select([
        'message.id',
        'event',
        'payload',
        'subject',
        'body',
        'status',
        'tries',
        'rule_id',
        'store_id',
        'channel',
        'audience',
        'sealed_target',
        'target_name',
        'is_enabled',
      ])
      .where('message.id', '=', messageId)
      .executeTakeFirst()
  type Row = NonNullable<Awaited<ReturnType<typeof readRow>>>
  const targetOf = (row: Row, code: Channel['code'], buyerEmail: string) => {
    if (row.audience === 'buyer') {
      if (!code.toBuyer) throw new Hopeless('Its channel reaches no buyers any more.')
      if (buyerEmail === '') throw new Hopeless('The buyer left no address.')
      return { target: code.toBuyer(buyerEmail) as unknown, recipient: buyerEmail }
    }
    const text = row.sealed_target && open(key, placeOfRule(row.rule_id), row.sealed_target)
    if (!text) throw new Hopeless('Where it goes was stored with another secret key: make it anew.')
    return { target: JSON.parse(text) as unknown, recipient: row.target_name }
  }
  const sendOne = async (row: Row, stopping: AbortSignal) => {
    if (!row.is_enabled) throw new Hopeless('It is switched off.')
    const channel = channels.get(row.channel)
    if (!channel) throw new Error(`The channel ${row.channel} is not in this shop.`)
    const worded = await wordNotice({ db, ...parts }, row.audience, row.event, row.payload)
    const { target, recipient } = targetOf(row, channel.code, worded.buyerEmail)
    const subject = row.subject ?? worded.subject
    const text = row.body ?? worded.text
    // Kept before it goes out: what is tried again says the same.
    await db
      .updateTable('notice_messages')
      .set({ subject, body: text, recipient })
      .where('id', '=', row.id)
      .execute()
    const { id, event } = row
    const { storeId, storeName } = worded
    await channel.send({ id, event, storeId, storeName, subject, text }, target, stopping)
  }
  return async (messageId: string, stopping: AbortSignal): Promise<void> => {
    const row = await readRow(messageId)
    // Its rule was deleted, or an earlier try of the same job arrived and died before it said so.
    if (row?.status !== 'waiting') return
    let failure: string | null = null
    let pause: number | undefined
    try {
      await sendOne(row, stopping)
    } catch (error) {
      // At shutdown nothing was decided: the queue gives the try to whoever works next.
      if (stopping.aborted) throw error
      failure = reasonOf(error)
      pause = error instanceof Hopeless ? undefined : tryPauses[row.tries]
    }
    await world.transaction(async (tx) => {
      await tx.db
        .updateTable('notice_messages')
        .set({
          tries: row.tries + 1,
          failure,
          status: failure === null ? 'delivered' : pause === undefined ? 'parked' : 'waiting',
          tried_at: sql<Date>`now()`,
          next_try_at:
            pause === undefined
              ? null
              : sql<Date>`now() + make_interval(secs => ${pause}::integer)`,
        })
        .where('id', '=', messageId)
        .execute()
      if (pause !== undefined) await queueNotice(queue, tx.db, messageId, pause)
    })
  }
}

/** What a target is sealed for. */
export const placeOfRule = (ruleId: string) => `notice rule ${ruleId}`

/** What a person should read about a channel that failed. */
export const reasonOf = (error: unknown) =>
  (error instanceof Error ? error.message : String(error))
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 500)
