import { fullNameOf } from '@bitcartcc/sdk/names'
import type { AnyPaymentMethod } from '@bitcartcc/sdk/server'
import type { PaymentWiring } from '@bitcartcc/sdk/wiring'
import { manual } from './manual.ts'
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
  /** The text for the buyer, by core's settings as they are for the store. */
  instructions(own: Readonly<Record<string, unknown>>, invoice: PaymentFacts): string
  /** Absent for `manual`, which asks for no account and makes no requests. */
  readonly plugin?: { readonly name: string; readonly code: AnyPaymentMethod }
}

export interface PaymentMethods {
  readonly all: readonly PaymentMethod[]
  /** The named one; 404 where there is none of that name. */
  get(name: string): PaymentMethod
  titleOf(name: string): string
  /** The text for the buyer; empty for a method that is no longer here. */
  instructionsOf(name: string, ...by: Parameters<PaymentMethod['instructions']>): string
}

/** Every way to pay this distribution has, `manual` last: each store says which it takes. */
export function createPaymentMethods({ methods }: PaymentWiring): PaymentMethods {
  const fromPlugins = methods.map(({ plugin, name, title, method }) => ({
    name: fullNameOf(plugin, name),
    title,
    instructions: () => '',
    plugin: { name: plugin, code: method },
  }))
  const all: readonly PaymentMethod[] = [...fromPlugins, manual]
  const byName = new Map(all.map((method) => [method.name, method]))
  return {
    all,
    get(name) {
      const method = byName.get(name)
      if (!method) throw notFound('payment method')
      return method
    },
    titleOf: (name) => byName.get(name)?.title ?? name,
    instructionsOf: (name, own, invoice) => byName.get(name)?.instructions(own, invoice) ?? '',
  }
}
