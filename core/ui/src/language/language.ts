import { requestOnce, speak, type Texts } from '@bitcartcc/sdk/vue'
import type { Locale } from '@bitcartcc/sdk/wiring'
import { bestOf, isWithin } from './best-language.ts'

const kept = 'bitcartcc-language'
let locales: readonly Locale[] = []

/** The texts of the kit in other languages. */
export const kitLocales: readonly Locale[] = [
  { language: 'de', owner: 'core', load: () => import('../locales/de.json') },
]

/** Every language that the texts of core are in, English first. */
export const offeredLanguages = (): readonly string[] => [
  ...new Set([
    'en',
    ...locales.filter(({ owner }) => owner === 'core').map((each) => each.language),
  ]),
]

/**
 * Speaks the language that was chosen in this browser, else the first one offered of those the browser asks for, else English.
 *
 * An app waits for it before it is shown. Later ones of `given` win where two have one text.
 */
export async function openLanguage(given: readonly Locale[]): Promise<void> {
  locales = [...kitLocales, ...given]
  const offered = offeredLanguages()
  const chosen = keptLanguage()
  const wanted = chosen && offered.includes(chosen) ? chosen : bestOf(offered, wantedLanguages())
  // A page without its language is better than none: the texts are then in English.
  await show(wanted).catch(() => undefined)
}

/**
 * Speaks another language, and keeps that in this browser; rejects where its texts cannot be loaded.
 *
 * A browser does not ask again for code that it could not fetch once, and after an update the code is gone: where the server
 * answers, the page is opened anew, in the language chosen.
 */
export async function chooseLanguage(to: string): Promise<void> {
  try {
    await show(to)
    keep(to)
  } catch (error) {
    await requestOnce('GET', '/api/session')
    if (!keep(to)) throw error
    location.reload()
  }
}

async function show(to: string): Promise<void> {
  const parts = await Promise.all(
    locales
      .filter((each) => isWithin(to, each.language))
      .toSorted((a, b) => a.language.length - b.language.length)
      .map(async ({ owner, load }) => ({ owner, texts: (await load()).default })),
  )
  const texts = new Map<string, Texts>()
  for (const { owner, texts: part } of parts) texts.set(owner, { ...texts.get(owner), ...part })
  speak(to, wantedLanguages().find((each) => isWithin(each, to)) ?? to, texts)
  document.documentElement.lang = to
  document.documentElement.dir = directionOf(to)
}

/** What the browser asks for; `en-US@posix`, which a browser without a desktop may say, is no language tag. */
const wantedLanguages = () =>
  navigator.languages.filter((tag) => {
    try {
      return Intl.getCanonicalLocales(tag).length > 0
    } catch {
      return false
    }
  })

/** Languages that are written from the right; not every browser can tell. */
const directionOf = (tag: string) =>
  /^(ar|arc|ckb|dv|fa|he|ks|ku-Arab|nqo|pa-Arab|ps|sd|syr|ug|ur|yi)(-|$)/.test(tag) ? 'rtl' : 'ltr'

/** A language's own name for itself. */
export const nameOfLanguage = (tag: string): string => {
  const name = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1)
}

/** Says whether it could: without, a choice lasts as long as the page. */
function keep(to: string): boolean {
  try {
    localStorage.setItem(kept, to)
    return true
  } catch {
    return false
  }
}

function keptLanguage(): string | null {
  try {
    return localStorage.getItem(kept)
  } catch {
    return null // storage is closed to us in some private windows
  }
}
