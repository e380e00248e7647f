import type { Locale } from '@bitcartcc/sdk/wiring'
import type { RouteMeta } from 'vue-router'
import { useTexts } from '@bitcartcc/sdk/vue'

/** Texts of core, in the reader's language. */
export const t = useTexts('core')

/** The texts of this app in other languages. */
export const ownLocales: readonly Locale[] = [
  { language: 'de', owner: 'core', load: () => import('../locales/de.json') },
]

/** A page's title: core's own, or a plugin's. */
export const titleOfRoute = ({ title, plugin = 'core' }: RouteMeta): string | undefined =>
  title === undefined ? undefined : useTexts(plugin)(title)
