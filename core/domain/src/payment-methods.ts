import type { Domain } from './domain.ts'
import { unfit } from './refusals.ts'
import { createManual } from './manual.ts'

export interface PaymentFacts {
  readonly amount: string
  readonly currency: string
  readonly number: number
}

export interface PaymentMethod {
  readonly name: string
  readonly title: string
  /** The text for the buyer, for any number of invoices. */
  instructionsFor(): Promise<(invoice: PaymentFacts) => string>
}

export interface PaymentMethods {
  readonly all: readonly PaymentMethod[]
  /** The named one, or the first; 422 where there is none of that name. */
  choose(name: string | undefined): PaymentMethod
}

/** Every way to pay this distribution has. */
export function createPaymentMethods(settings: Domain['settings']): PaymentMethods {
  const manual = createManual(settings)
  const all = [manual]
  return {
    all,
    choose(name) {
      if (name === undefined) return manual
      const method = all.find((each) => each.name === name)
      if (!method)
        throw unfit('method', `must be one of ${all.map((each) => each.name).join(', ')}`)
      return method
    },
  }
}
