import type { ExceptionStatus } from '@bitcartcc/sdk/resources'
import type { CoreEvents } from '@bitcartcc/sdk/server'
import type { MessageName } from './core-templates.ts'
import type { InvoiceView } from './invoice-view.ts'
import type { MessageText } from './message-text.ts'
import type { StoreTexts } from './store-texts.ts'
import { storeOrFirst } from './stores.ts'
import type { CoreDb } from './world.ts'

/** What an event says of an invoice, as the rest of a sentence. */
const happened = {
  'invoice.created': 'was made',
  'invoice.paid': 'is paid',
  'invoice.confirmed': 'is confirmed',
  'invoice.complete': 'is complete',
  'invoice.expired': 'has expired',
  'invoice.invalid': 'is invalid',
  'invoice.refunded': 'is refunded',
} as const satisfies Partial<Record<keyof CoreEvents, string>>

const exceptions: Readonly<Record<ExceptionStatus, string>> = {
  none: 'is as it should be again',
  paid_partial: 'is paid in part',
  paid_under: 'is paid with less, as the store takes it',
  paid_over: 'is paid with too much',
  paid_late: 'was paid too late',
  failed_confirm: 'lost its payment',
}

/** Events that people can be told of. */
export const noticeEvents = {
  staff: [...Object.keys(happened), 'invoice.exception', 'product.low'],
  buyer: ['invoice.paid', 'invoice.complete', 'invoice.refunded'],
} as const

export interface Worded extends MessageText {
  readonly storeId: string
  readonly storeName: string
  /** Empty where the event is of no invoice. */
  readonly buyerEmail: string
}

/** Words what happened for one audience, in the words of its store; throws where that is gone. */
export async function wordNotice(
  parts: { readonly db: CoreDb; readonly view: InvoiceView; readonly texts: StoreTexts },
  audience: 'staff' | 'buyer',
  event: string,
  payload: Readonly<Record<string, unknown>>,
): Promise<Worded> {
  const { db, view, texts } = parts
  const storeId = textIn(payload, 'storeId')
  const { name: store } = await storeOrFirst(db, storeId)
  const worded = async (template: MessageName, variables: object, buyerEmail: string) => ({
    ...(await texts.message(template, { store, ...variables }, storeId)),
    storeId,
    storeName: store,
    buyerEmail,
  })
  if (event === 'product.low') {
    const product = await db
      .selectFrom('products')
      .select('name')
      .where('id', '=', textIn(payload, 'productId'))
      .executeTakeFirst()
    if (!product) throw new Error('The product is deleted since.')
    return worded('stock-notice', { product: product.name, stock: payload['stock'] }, '')
  }
  const invoice = await view.read(db, textIn(payload, 'invoiceId'))
  const what =
    event === 'invoice.exception'
      ? exceptions[textIn(payload, 'exceptionStatus') as ExceptionStatus] // as the event's payload has it
      : happened[event as keyof typeof happened] // a rule takes no other
  const { number, amount, paidAmount: paid, currency, buyerEmail: buyer, items, payment } = invoice
  const method = payment.title
  const variables = { number, what, amount, paid, currency, buyer, method, items }
  return worded(audience === 'buyer' ? 'receipt' : 'invoice-notice', variables, buyer)
}

const textIn = (payload: Readonly<Record<string, unknown>>, key: string): string => {
  const value = payload[key]
  if (typeof value !== 'string') throw new Error(`the event has no ${key}`)
  return value
}
