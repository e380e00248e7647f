import { sql, type Selectable } from 'kysely'
import type { InvoiceStatus, PaymentRequest } from '@bitcartcc/sdk/resources'
import type { OpenDemand, PaymentDemand, ReportedPayment } from '@bitcartcc/sdk/server'
import type { Domain } from './domain.ts'
import { hold, type InvoiceRow } from './invoice-steps.ts'
import type { JobQueue } from './jobs.ts'
import { nextLook } from './look-times.ts'
import { digitsOf, exactly } from './money.ts'
import type { PaymentAccounts } from './payment-accounts.ts'
import { checkDemand, checkReport } from './payment-demands.ts'
import type { PaymentMethod, PaymentMethods } from './payment-methods.ts'
import { recordPayments } from './payments.ts'
import { openOf, type ReceivedPayment } from './received.ts'
import { conflict, notFound } from './refusals.ts'
import type { CoreTables } from './tables.ts'
import { newId, type World } from './world.ts'

type RequestRow = Selectable<CoreTables['payment_requests']>

export interface PaymentRequests {
  /** Makes the invoice's request by a method where there is none yet, and makes it the invoice's method. */
  choose(invoiceId: string, method: string | undefined): Promise<void>
  /** Records what a plugin was told of a request of its own. */
  report(plugin: string, requestId: string, payments: readonly ReportedPayment[]): Promise<void>
  /** Looks at every request that is due; gives the seconds to the next one, undefined where there is none. */
  lookDue(signal: AbortSignal): Promise<number | undefined>
}

interface Parts {
  readonly world: World
  readonly methods: PaymentMethods
  readonly accounts: PaymentAccounts
  readonly queue: JobQueue
  readonly contextFor: Domain['contextFor']
}

const atOnce = 4
const longestLookMs = 30_000

/** How invoices are paid by the methods of plugins: demands are made, and payments looked for. */
export function createPaymentRequests(parts: Parts): PaymentRequests {
  const { world, methods, accounts, queue, contextFor } = parts
  const { db, log } = world
  const codeOf = ({ name, plugin }: PaymentMethod) => {
    if (!plugin) throw new Error(`${name} makes no requests`)
    return plugin
  }
  const fail = async (storeId: string, method: PaymentMethod, error: unknown) => {
    const says = error instanceof Error ? error.message : String(error)
    log.warn(`${method.name} failed`, { storeId, error: says })
    await accounts.keepFailure(storeId, method.name, says)
  }
  const demandOf = async (invoice: InvoiceRow, method: PaymentMethod, requestId: string) => {
    const { name, code } = codeOf(method)
    try {
      const account = await accounts.valuesOf(invoice.store_id, method.name)
      if (!account) throw new Error('its account cannot be read')
      const order = {
        requestId,
        invoiceId: invoice.id,
        invoiceNumber: invoice.number,
        storeId: invoice.store_id,
        amount: exactly(invoice.amount, invoice.currency),
        currency: invoice.currency,
        expiresAt: invoice.expires_at.toISOString(),
      }
      const demand = await code.demand(order, account, await contextFor(name))
      checkDemand(method.name, demand)
      await accounts.keepFailure(invoice.store_id, method.name, null)
      return demand
    } catch (error) {
      await fail(invoice.store_id, method, error)
      throw conflict(
        `${method.title} cannot be used for this invoice right now. Choose another way to pay, or try again later.`,
      )
    }
  }
  const record = async (request: RequestRow, reported: readonly ReportedPayment[]) => {
    checkReport(request.method, reported)
    return world.transaction(async (tx) =>
      recordPayments(
        tx,
        await hold(tx, request.invoice_id),
        request.method,
        reported.map(({ reference, amount, confirmations, isFailed = false, metadata = {} }) => ({
          reference,
          amount,
          currency: request.currency,
          due: request.amount,
          confirmations,
          requiredConfirmations: request.required_confirmations,
          isFailed,
          metadata,
        })),
      ),
    )
  }
  const lookAt = async (request: RequestRow, signal: AbortSignal) => {
    // What comes in while the method looks may be missed: it counts as looked at from now on, not from the end.
    const invoice = await db
      .selectFrom('invoices')
      .select(['store_id', sql<string>`now()::text`.as('began')])
      .where('id', '=', request.invoice_id)
      .executeTakeFirstOrThrow()
    const method = methods.all.find(({ name }) => name === request.method)
    // Its plugin left, and may come back.
    if (!method?.plugin?.code.look) return wait(request)
    const { name, code } = method.plugin
    try {
      const account = await accounts.valuesOf(invoice.store_id, method.name)
      if (!account) throw new Error('its account cannot be read')
      const within = {
        ...(await contextFor(name)),
        signal: AbortSignal.any([signal, AbortSignal.timeout(longestLookMs)]),
      }
      const found = await code.look?.(await openDemand(request), account, within)
      await record(request, found ?? [])
    } catch (error) {
      // At shutdown nothing went wrong: whoever works next, looks next.
      if (signal.aborted) return
      await fail(invoice.store_id, method, error)
      return wait(request)
    }
    await accounts.keepFailure(invoice.store_id, method.name, null)
    return wait(request, invoice.began)
  }
  const openDemand = async (request: RequestRow): Promise<OpenDemand> => {
    const payments = await db
      .selectFrom('payments')
      .selectAll()
      .where('invoice_id', '=', request.invoice_id)
      .where('method', '=', request.method)
      .orderBy('seq')
      .execute()
    return {
      requestId: request.id,
      ...demandIn(request),
      payments: payments.map((payment) => ({
        reference: payment.reference,
        amount: exactly(payment.amount, payment.currency),
        confirmations: payment.confirmations,
        isFailed: payment.status === 'failed',
        metadata: payment.metadata,
      })),
    }
  }
  /** Says when a request is looked at again, by where its invoice is now; `lookedAt` is absent where the look failed. */
  const wait = async (request: RequestRow, lookedAt?: string) => {
    const facts = await sql<{
      status: InvoiceStatus
      age: number
      sinceComplete: number | null
      sinceExpiry: number
    }>`
      select status, extract(epoch from now() - ${request.created_at})::integer as age,
        extract(epoch from now() - completed_at)::integer as "sinceComplete",
        extract(epoch from now() - expires_at)::integer as "sinceExpiry"
      from core.invoices where id = ${request.invoice_id}`.execute(db)
    const [row] = facts.rows
    const failures = lookedAt === undefined ? request.failures + 1 : 0
    const seconds = row ? nextLook({ ...row, failures }) : null
    await db
      .updateTable('payment_requests')
      .set({
        failures,
        next_look_at:
          seconds === null ? null : sql<Date>`now() + make_interval(secs => ${seconds}::integer)`,
        ...(lookedAt === undefined ? {} : { looked_at: sql<Date>`${lookedAt}::timestamptz` }),
      })
      .where('id', '=', request.id)
      .execute()
  }
  // One after the other in this process: who asks for a look, sees what a look before it found.
  let before: Promise<unknown> = Promise.resolve()
  const lookAtAll = async (signal: AbortSignal) => {
    // As text: a Date would cut it to milliseconds.
    const now = (await sql<{ now: string }>`select now()::text as now`.execute(db)).rows[0]?.now
    for (;;) {
      const due = await claim(world, now)
      if (due.length === 0 || signal.aborted) return secondsToNext(world)
      await Promise.all(due.map((request) => lookAt(request, signal)))
    }
  }
  return {
    async choose(invoiceId, name) {
      const invoice = await db
        .selectFrom('invoices')
        .selectAll()
        .where('id', '=', invoiceId)
        .executeTakeFirst()
      if (!invoice) throw notFound('invoice')
      const method = await accounts.choose(invoice.store_id, name)
      const isPending = (row: InvoiceRow) => {
        if (row.status !== 'pending')
          throw conflict(`Invoice ${row.number} is ${row.status}: how it is paid stays as it is.`)
      }
      isPending(invoice)
      const made = await db
        .selectFrom('payment_requests')
        .select('id')
        .where('invoice_id', '=', invoiceId)
        .where('method', '=', method.name)
        .executeTakeFirst()
      const id = newId()
      const demand = made || !method.plugin ? undefined : await demandOf(invoice, method, id)
      await world.transaction(async (tx) => {
        isPending(await hold(tx, invoiceId))
        if (demand)
          await tx.db
            .insertInto('payment_requests')
            .values({
              id,
              invoice_id: invoiceId,
              method: method.name,
              amount: demand.amount,
              currency: demand.currency,
              address: demand.address,
              uri: demand.uri,
              qr: demand.qr,
              required_confirmations: demand.confirmations,
              rate: demand.rate === undefined ? null : JSON.stringify(demand.rate),
              metadata: JSON.stringify(demand.metadata),
              next_look_at: method.plugin?.code.look ? sql<Date>`now()` : null,
            })
            .onConflict((on) => on.columns(['invoice_id', 'method']).doNothing())
            .execute()
        await tx.db
          .updateTable('invoices')
          .set({ method: method.name })
          .where('id', '=', invoiceId)
          .execute()
      })
      if (demand) await lookIn(queue, 1)
    },
    async report(plugin, requestId, payments) {
      const request = await db
        .selectFrom('payment_requests')
        .selectAll()
        .where('id', '=', requestId)
        .executeTakeFirst()
      const isOwn =
        methods.all.find(({ name }) => name === request?.method)?.plugin?.name === plugin
      if (!request || !isOwn) throw notFound('payment request')
      await record(request, payments)
    },
    lookDue(signal) {
      const turn = before.then(() => lookAtAll(signal))
      before = turn.catch(() => undefined)
      return turn
    },
  }
}

/** Has the worker look in so many seconds; one such job waits at a time. */
export const lookIn = (queue: JobQueue, seconds: number) =>
  queue.send(
    undefined,
    { plugin: 'core', job: 'look-for-payments', payload: {} },
    { key: 'next', afterSeconds: seconds },
  )

/** Takes a few requests that were due at a time; another worker passes over them. */
const claim = (world: World, at: string | undefined) =>
  world.transaction((tx) =>
    tx.db
      .updateTable('payment_requests')
      .set({ next_look_at: sql<Date>`now() + interval '2 minutes'` })
      .where('id', 'in', (within) =>
        within
          .selectFrom('payment_requests')
          .select('id')
          .where('next_look_at', '<=', sql<Date>`${at}::timestamptz`)
          .orderBy('next_look_at')
          .limit(atOnce)
          .forUpdate()
          .skipLocked(),
      )
      .returningAll()
      .execute(),
  )

async function secondsToNext({ db }: World): Promise<number | undefined> {
  const { rows } = await sql<{ seconds: number | null }>`
    select ceil(extract(epoch from min(next_look_at) - now()))::integer as seconds from core.payment_requests`.execute(
    db,
  )
  return rows[0]?.seconds ?? undefined
}

const demandIn = (row: RequestRow): PaymentDemand => ({
  amount: exactly(row.amount, row.currency),
  currency: row.currency,
  address: row.address,
  uri: row.uri,
  qr: row.qr,
  confirmations: row.required_confirmations,
  ...(row.rate ? { rate: row.rate } : {}),
  metadata: row.metadata,
})

/** A request as the API shows it, with what is still open of it after all payments of the invoice. */
export function showRequest(row: RequestRow, live: readonly ReceivedPayment[]): PaymentRequest {
  const { paid, open } = openOf(row, live, digitsOf(row.currency))
  return {
    id: row.id,
    method: row.method,
    ...demandIn(row),
    paid: exactly(paid, row.currency),
    open: exactly(open, row.currency),
    rate: row.rate,
    metadata: { ...row.metadata },
    createdAt: row.created_at.toISOString(),
  }
}
