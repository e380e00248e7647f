import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { Texts } from '@bitcartcc/sdk/wiring'
import type { LockedPlugin } from '../model/lock.ts'
import type { Plan, PlannedLocale } from '../model/plan.ts'
import type { Release } from '../model/release.ts'
import { readLocale, type LocaleFile } from '../read/locale-file.ts'
import { coreTexts } from './core-texts.ts'
import { isLanguage, writtenRight } from './languages.ts'
import { localeConflict, localeUnfit, unknownLanguage } from './locale-problems.ts'
import { by, groups } from './pages.ts'
import { unshownTexts } from './unshown-texts.ts'

/** One file of texts. */
interface Found extends LocaleFile {
  readonly release: Release
  readonly path: readonly (string | number)[]
  readonly file: string
  readonly language: string
  readonly owner: string
}
/** Wording of one text in one file. */
interface Word {
  readonly found: Found
  readonly english: string
  readonly wording: Texts[string]
}

/** Texts of pages in other languages, sorted by app, language and owner; plugins that say one text in two ways are refused. */
export function planLocales(plugins: readonly LockedPlugin[]): {
  locales: Plan['locales']
  /** What is left out, a line each. */
  notices: readonly string[]
  problems: readonly Problem[]
} {
  const releases = plugins.map(({ release }) => release)
  const unknown = releases.flatMap((release) =>
    (release.manifest.contributes.locales ?? []).flatMap(({ language }, at) =>
      isLanguage(language)
        ? []
        : [
            unknownLanguage(
              release,
              language,
              ['contributes', 'locales', at, 'language'],
              writtenRight(language),
            ),
          ],
    ),
  )
  const found = plugins.flatMap(filesOf)
  const unfit = found
    .filter(({ faults }) => faults.length > 0)
    .map(({ release, file, path, faults }) => localeUnfit(release, file, path, faults))
  if (unknown.length > 0 || unfit.length > 0)
    return { locales: [], notices: [], problems: [...unknown, ...unfit] }
  return {
    locales: merged(found, releases),
    notices: unshownTexts(found),
    problems: conflicts(found),
  }
}

function filesOf({ release, files }: LockedPlugin): readonly Found[] {
  return (release.manifest.contributes.locales ?? []).flatMap(({ language, of, file }, at) => {
    if (!files.has(file.slice(2)) || !isLanguage(language)) return []
    const read = readLocale(readFileSync(join(release.folder, file), 'utf8'), language)
    const path = ['contributes', 'locales', at, 'file']
    return [{ ...read, release, path, file, language, owner: of ?? release.name }]
  })
}

/** Each text that is said in two ways; a problem for those that the same files disagree about. */
function conflicts(found: readonly Found[]): readonly Problem[] {
  const words = found.flatMap((each) =>
    Object.entries(each.texts).map(([english, wording]): Word => ({
      found: each,
      english,
      wording,
    })),
  )
  const said = groups(words, ({ found: { language, owner }, english }) =>
    [language, owner, english].join('\n'),
  )
  const differing = said.filter((same) => new Set(same.map(shown)).size > 1)
  const apart = Map.groupBy(differing, (same) =>
    [
      same[0].found.language,
      same[0].found.owner,
      ...same.map(({ found: { release, file } }) => release.name + file),
    ].join('\n'),
  )
  return [...apart.values()].flatMap((texts) => {
    const first = texts[0]?.[0].found
    if (first === undefined) return []
    const rows = texts.flat().map((word) => {
      const { release, file, lines } = word.found
      const place = `${file.slice(2)}:${lines.get(word.english) ?? 1}`
      return [`${release.name} ${release.version}`, place, shown(word)] as const
    })
    const names = [...new Set(texts.flat().map(({ found: { release } }) => release.name))]
    return [localeConflict(first.owner, first.language, rows, names)]
  })
}

const shown = ({ english, wording }: Word) =>
  `${JSON.stringify(english)}: ${JSON.stringify(wording)}`

/** One list of texts for each app, language and owner that is there; of core's, those that the app shows. */
function merged(found: readonly Found[], releases: readonly Release[]): Plan['locales'] {
  const together = Map.groupBy(found, ({ language, owner }) => `${language}\n${owner}`)
  return [...together.values()]
    .flatMap((files) => {
      const [first] = files
      if (first === undefined) return []
      const { language, owner } = first
      const release = releases.find(({ name }) => name === owner)
      const all = Object.assign({}, ...files.map(({ texts }) => texts)) as Texts // of texts
      const from = [...new Set(files.map((each) => each.release.name))]
      return (['admin', 'store'] as const).flatMap((app): PlannedLocale[] => {
        const isShown = owner === 'core' ? coreTexts(app) : release && shows(release, app)
        if (!isShown) return []
        const texts = Object.entries(all)
          .filter(([english]) => isShown === true || isShown.has(english))
          .toSorted(by(([english]) => [english]))
        return texts.length === 0
          ? []
          : [{ app, language, owner, from, texts: Object.fromEntries(texts) }]
      })
    })
    .toSorted(by(({ app, language, owner }) => [app, language, owner]))
}

/** The admin shows the settings and permissions of every plugin. */
const shows = ({ manifest: { contributes } }: Release, app: 'admin' | 'store'): boolean =>
  app === 'admin' ||
  (['store.pages', 'store.slots', 'payment.methods'] as const).some(
    (point) => (contributes[point] ?? []).length > 0,
  )
