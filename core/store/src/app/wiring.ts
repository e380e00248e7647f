import { inject, type InjectionKey } from 'vue'
import type { StoreWiring } from '@bitcartcc/sdk/wiring'

export const wiringKey: InjectionKey<StoreWiring> = Symbol('store wiring')

/** Gives the wiring this store was created with. */
export function useWiring(): StoreWiring {
  const wiring = inject(wiringKey)
  if (!wiring) throw new Error('createStore provides the wiring to every component of the store')
  return wiring
}
