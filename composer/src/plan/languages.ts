type Part = 'language' | 'region' | 'script'

const known = new Map<Part, Intl.DisplayNames>()

/** Names of what there is; made once each, which takes longer than all that is asked of it. */
function namesOf(type: Part): Intl.DisplayNames {
  const names = known.get(type) ?? new Intl.DisplayNames('en', { type, fallback: 'none' })
  known.set(type, names)
  return names
}

/** Whether a tag is well-formed by BCP 47, written as it recommends, and names a language that there is. */
export function isLanguage(tag: string): boolean {
  if (writtenRight(tag) !== undefined || canonical(tag) !== tag) return false
  const { language, region, script } = new Intl.Locale(tag)
  return (
    namesOf('language').of(language) !== undefined &&
    (region === undefined || namesOf('region').of(region) !== undefined) &&
    (script === undefined || namesOf('script').of(script) !== undefined)
  )
}

/** The same tag as BCP 47 writes it: `de-AT` for `de_at`; undefined where it is written so, or is none. */
export function writtenRight(tag: string): string | undefined {
  const right = canonical(tag.replaceAll('_', '-'))
  return right === tag ? undefined : right
}

function canonical(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}
