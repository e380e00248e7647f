import type { Release } from '../model/release.ts'
import type { LocaleFile } from '../read/locale-file.ts'
import { coreTexts } from './core-texts.ts'

/** What a plugin translates of core. */
interface OfCore extends LocaleFile {
  readonly release: Release
  readonly file: string
  readonly owner: string
}
/** What one file tells of itself; the rest is counted. */
const atMost = 5

/**
 * A line for each translation of a text that this core shows nowhere: it is left out. No refusal, as another core that the
 * plugin runs on may show it; and unknown is only what core says: what other plugins say, nobody has written down.
 */
export function unshownTexts(found: readonly OfCore[]): readonly string[] {
  const shown = new Set([...coreTexts('admin'), ...coreTexts('store')])
  return found
    .filter(({ owner }) => owner === 'core')
    .flatMap(({ release: { name, version }, file, texts, lines }) => {
      const left = Object.keys(texts).filter((english) => !shown.has(english))
      const told = left
        .slice(0, atMost)
        .map(
          (english) =>
            `${name} ${version}, ${file.slice(2)}:${lines.get(english) ?? 1}: core shows no text ${JSON.stringify(english)}`,
        )
      return left.length > atMost
        ? [...told, `${name} ${version}, ${file.slice(2)}: and ${left.length - atMost} more`]
        : told
    })
}
