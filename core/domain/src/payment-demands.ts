import type { PaymentDemand, ReportedPayment } from '@bitcartcc/sdk/server'
import { checkPlainJson } from './plain-json.ts'

const amount = /^(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?$/
const isCount = (value: number) => Number.isInteger(value) && value >= 0

/** Throws where a plugin's demand cannot be stored as it is: that is a mistake of its author. */
export function checkDemand(method: string, demand: PaymentDemand): void {
  const wrong = (what: string): never => {
    throw new Error(`the demand of ${method} ${what}`)
  }
  if (!amount.test(demand.amount) || Number(demand.amount) === 0)
    wrong(`has the amount ${demand.amount}: it must be exact, and above zero`)
  if (!/^[A-Z0-9]{2,10}$/.test(demand.currency)) wrong(`has the currency ${demand.currency}`)
  if (demand.rate && (!amount.test(demand.rate.rate) || Number.isNaN(Date.parse(demand.rate.at))))
    wrong(`has the rate ${demand.rate.rate} of ${demand.rate.at}`)
  if (!isCount(demand.confirmations)) wrong(`asks for ${demand.confirmations} confirmations`)
  checkPlainJson(`the metadata of ${method}`, demand.metadata)
}

/** Throws where what a plugin reports cannot be stored as it is. */
export function checkReport(method: string, payments: readonly ReportedPayment[]): void {
  for (const payment of payments) {
    if (!amount.test(payment.amount))
      throw new Error(
        `${method} reports the amount ${payment.amount}: it must be an exact decimal text`,
      )
    if (!isCount(payment.confirmations))
      throw new Error(`${method} reports ${payment.confirmations} confirmations`)
    if (payment.reference === '' || payment.reference.length > 300)
      throw new Error(`${method} reports a payment without a reference of 1 to 300 characters`)
    checkPlainJson(`the metadata of ${method}`, payment.metadata ?? {})
  }
}
