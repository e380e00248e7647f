import { computed, shallowRef, type ComputedRef } from 'vue'

/** Texts of pages in their reader's language. The English text is its own key: what nobody translated is shown in English. */

/** The forms of a text by number: the categories of `Intl.PluralRules` that its language has. */
export interface Plural extends Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> {
  readonly other: string
}
/** English text, of plurals their `other` → the same in another language. */
export type Texts = Readonly<Record<string, string | Plural>>

/** What stands in the place of `{name}`; a number is written as its reader writes numbers. */
export type Given = Readonly<Record<string, string | number>>

/**
 * Gives a text in the reader's language.
 *
 * `t('Add a product')`, `t('Hello {name}', { name })`, and by number, told by `count`:
 * `t({ one: '{count} rating', other: '{count} ratings' }, { count })`.
 */
export type Translate = (text: string | Plural, given?: Given) => string

interface Spoken {
  readonly language: string
  readonly locale: string
  readonly texts: ReadonlyMap<string, Texts>
  readonly numbers: Intl.NumberFormat
  readonly plurals: Intl.PluralRules
}
const spokenIn = (language: string, locale: string, texts: Spoken['texts']): Spoken => ({
  language,
  locale,
  texts,
  numbers: new Intl.NumberFormat(locale),
  plurals: new Intl.PluralRules(language),
})
const spoken = shallowRef(spokenIn('en', 'en', new Map()))

/** The language that is shown, a BCP 47 tag. */
export const language: ComputedRef<string> = computed(() => spoken.value.language)
/** How its reader writes numbers and dates: the language, with the region where the browser names one. */
export const locale: ComputedRef<string> = computed(() => spoken.value.locale)

/** Core's apps call this with the texts of the chosen language, by whose they are: `core` or a plugin. What is shown follows. */
export function speak(to: string, locale: string, texts: ReadonlyMap<string, Texts>): void {
  spoken.value = spokenIn(to, locale, texts)
}

/**
 * Gives the texts of a plugin: `const t = useTexts('ratings')`.
 *
 * Call `t` where a text is shown (a template, a computed, a function), so that it follows when another language is chosen.
 */
export function useTexts(owner: string): Translate {
  return (text, given) => {
    const { texts, numbers, plurals } = spoken.value
    const key = typeof text === 'string' ? text : text.other
    const own = texts.get(owner)
    const found = own && Object.hasOwn(own, key) ? own[key] : undefined
    const count = Number(given?.['count'])
    const form = found === undefined ? (count === 1 ? 'one' : 'other') : plurals.select(count)
    const wording = found ?? text
    const words = typeof wording === 'string' ? wording : (wording[form] ?? wording.other)
    if (!given) return words
    return words.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
      const value = given[name]
      return typeof value === 'number' ? numbers.format(value) : (value ?? whole)
    })
  }
}

/** Marks an English text that is translated where it is shown: `t(status.title)`. */
export const english = <T extends string>(text: T): T => text

/** Whose the title of a method, a channel or a permission is: of the plugin that its name begins with, else core's. */
export const ownerOf = (name: string): string =>
  name.includes('.') ? (name.split('.')[0] ?? 'core') : 'core'

/** The title of a method, a channel or a provider of rates, in the words of the plugin that brings it. */
export const titleOfMethod = ({
  name,
  title,
}: {
  readonly name: string
  readonly title: string
}): string => useTexts(ownerOf(name))(title)
