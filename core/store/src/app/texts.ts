import { useTexts } from '@bitcartcc/sdk/vue'
import type { Locale } from '@bitcartcc/sdk/wiring'

/** Texts of core, in the reader's language. */
export const t = useTexts('core')

/** The texts of this app in other languages. */
export const ownLocales: readonly Locale[] = [
  { language: 'de', owner: 'core', load: () => import('../locales/de.json') },
]
