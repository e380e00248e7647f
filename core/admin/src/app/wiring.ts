import { inject, type InjectionKey } from 'vue'
import type { AdminWiring } from '@bitcartcc/sdk/wiring'

export const wiringKey: InjectionKey<AdminWiring> = Symbol('wiring')

/** Gives what the chosen plugins add to the admin. */
export function useWiring(): AdminWiring {
  return inject(wiringKey, { pages: [], fills: [], accounts: [], locales: [] })
}
