import { fullNameOf } from '@bitcartcc/sdk/manifest'
import type { AnyPaymentMethod } from '@bitcartcc/sdk/server'
import type { PaymentWiring } from '@bitcartcc/sdk/wiring'
import type { Domain } from './domain.ts'
import { createManual } from './manual.ts'
import { notFound } from './refusals.ts'

export interface PaymentFacts {
  readonly amount: string
  readonly currency: string
  readonly number: number
}

export interface PaymentMethod {
  /** `manual`, or `<plugin>.<method>`. */
  readonly name: string
  readonly title: string
  /** The text for the buyer, for any number of invoices of one store. */
  instructionsFor(storeId: string): Promise<(invoice: PaymentFacts) => string>
  /** Absent for `manual`, which asks for no account and makes no requests. */
  readonly plugin?: { readonly name: string; readonly code: AnyPaymentMethod }
}

export interface PaymentMethods {
  readonly all: readonly PaymentMethod[]
  /** The named one; 404 where there is none of that name. */
  get(name: string): PaymentMethod
  titleOf(name: string): string
}

/** Every way to pay this distribution has, `manual` last: each store says which it takes. */
export function createPaymentMethods(
  { methods }: PaymentWiring,
  settings: Domain['settings'],
): PaymentMethods {
  const fromPlugins = methods.map(({ plugin, name, title, method }) => ({
    name: fullNameOf(plugin, name),
    title,
    instructionsFor: async () => () => '',
    plugin: { name: plugin, code: method },
  }))
  const all: readonly PaymentMethod[] = [...fromPlugins, createManual(settings)]
  const byName = new Map(all.map((method) => [method.name, method]))
  return {
    all,
    get(name) {
      const method = byName.get(name)
      if (!method) throw notFound('payment method')
      return method
    },
    titleOf: (name) => byName.get(name)?.title ?? name,
  }
}
