import type { Plural, Texts } from '@bitcartcc/sdk/wiring'

/** What is wrong in one line of a file. */
export interface Fault {
  readonly line: number
  readonly says: string
}
export interface LocaleFile {
  readonly texts: Texts
  /** English text → the line it stands in. */
  readonly lines: ReadonlyMap<string, number>
  readonly faults: readonly Fault[]
}

/** Reads texts in one language, JSON: English → translation, or → its forms by number. */
export function readLocale(text: string, language: string): LocaleFile {
  const none = (line: number, says: string) => ({
    texts: {},
    lines: new Map<string, number>(),
    faults: [{ line, says }],
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const { message } = error as SyntaxError // the only one JSON.parse throws
    const [, at = text.length] = /position (\d+)/.exec(message) ?? []
    const line = text.slice(0, Number(at)).trimEnd().split('\n').length
    return none(line, `is not JSON: ${message.replace(/ (in JSON )?at position.*/, '')}`)
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return none(1, 'is no object of English texts and their translations')
  const { lines, repeated } = keysIn(text)
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories
  const faults = [
    ...repeated,
    ...Object.entries(value).flatMap(([english, wording]) =>
      faultsOf(english, wording, categories).map((says) => ({
        line: lines.get(english) ?? 1,
        says: `"${english}" ${says}`,
      })),
    ),
  ]
  faults.sort((a, b) => a.line - b.line)
  return { texts: value as Texts, lines, faults } // its shape is checked above; with faults nobody reads it
}

function faultsOf(
  english: string,
  wording: unknown,
  categories: readonly string[],
): readonly string[] {
  if (typeof wording === 'string') return wordFaults(english, wording, true)
  if (wording === null || typeof wording !== 'object' || Array.isArray(wording))
    return ['must become a text, or its forms by number']
  const { other } = wording as Partial<Plural> // each form is looked at below
  return [
    ...(other === undefined ? ['lacks the form other'] : []),
    ...Object.entries(wording).flatMap(([form, words]: [string, unknown]) =>
      !categories.includes(form)
        ? [`has the form ${form}; this language has ${categories.join(', ')}`]
        : typeof words !== 'string'
          ? [`must have a text as its form ${form}`]
          : wordFaults(english, words, form === 'other'),
    ),
  ]
}

/** A form like `one` may do without the number. */
function wordFaults(english: string, words: string, isWhole: boolean): readonly string[] {
  if (words.trim() === '') return ['has an empty translation']
  const wanted = placeholders(english)
  const found = placeholders(words)
  return [
    ...[...wanted].filter((each) => isWhole && !found.has(each)).map((each) => `lacks ${each}`),
    ...[...found]
      .filter((each) => !wanted.has(each))
      .map((each) => `has ${each}, which the English text has not`),
  ]
}

const placeholders = (text: string) => new Set(text.match(/\{\w+\}/g))

/** The lines that keys of the outermost object stand in, and keys that stand there again. */
function keysIn(text: string) {
  const lines = new Map<string, number>()
  const repeated: Fault[] = []
  let line = 1
  let depth = 0
  let word = ''
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:\n]/g)) {
    if (token === '\n') line++
    else if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (token !== ':') word = token
    else if (depth === 1) {
      const key = JSON.parse(word) as string // a string of JSON
      const before = lines.get(key)
      if (before === undefined) lines.set(key, line)
      else repeated.push({ line, says: `"${key}" stands in line ${before} already` })
    }
  }
  return { lines, repeated }
}
