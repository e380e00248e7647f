import type { Locale } from '@bitcartcc/sdk/wiring'
import type { RouteMeta } from 'vue-router'
import { ownerOf, useTexts } from '@bitcartcc/sdk/vue'

/** Texts of core, in the reader's language. */
export const t = useTexts('core')

/** The texts of this app in other languages. */
export const ownLocales: readonly Locale[] = [
  { language: 'de', owner: 'core', load: () => import('../locales/de.json') },
]

/** The title of a method, a channel or a provider of rates, in the words of the plugin that brings it. */
export const titleOfMethod = ({
  name,
  title,
}: {
  readonly name: string
  readonly title: string
}): string => useTexts(ownerOf(name))(title)

/** A page's title: core's own, or a plugin's. */
export const titleOfRoute = ({ title, plugin = 'core' }: RouteMeta): string | undefined =>
  title === undefined ? undefined : useTexts(plugin)(title)
