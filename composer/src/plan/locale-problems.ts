import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import type { Release } from '../model/release.ts'
import type { Fault } from '../read/locale-file.ts'
import { rowOf } from './places.ts'
import { kept } from './problems.ts'

type Path = readonly (string | number)[]
/** What one problem shows; the rest is counted. */
const atMost = 10

/** A locale is in a language that there is not, or that is written in another way. */
export const unknownLanguage = (
  release: Release,
  language: string,
  path: Path,
  right: string | undefined,
): Problem => ({
  code: 'plan/unknown-language',
  says: `${language} is no language tag that browsers know.`,
  facts: [rowOf(release, ...path)],
  kept,
  fix: [
    right === undefined
      ? 'Write a tag of BCP 47, like de, pt-BR or zh-Hant.'
      : `Write   language: ${right}`,
  ],
})

/** Texts that would not be shown as they are meant. */
export const localeUnfit = (
  release: Release,
  file: string,
  path: Path,
  faults: readonly Fault[],
): Problem => ({
  code: 'plan/locale-unfit',
  says: `Texts of ${release.name} ${release.version} cannot be shown: ${file}.`,
  facts: [
    ...cut(faults.map(({ line, says }): Fact => [`${file.slice(2)}:${line}`, says])),
    rowOf(release, ...path),
  ],
  kept,
  fix: [`Correct ${file} in ${release.source}.`],
})

/** Plugins say one text in different words of one language. */
export const localeConflict = (
  owner: string,
  language: string,
  rows: readonly Fact[],
  names: readonly string[],
): Problem => ({
  code: 'plan/locale-conflict',
  says: `Texts of ${owner} are put into ${language} in two ways.`,
  facts: cut(rows),
  kept,
  fix: [
    names.length > 1
      ? `Leave one of ${names.join(', ')} out, or ask their authors to agree.`
      : `Take one of them out of ${names.join()}.`,
  ],
})

const cut = (rows: readonly Fact[]): readonly Fact[] =>
  rows.length <= atMost ? rows : [...rows.slice(0, atMost), [`and ${rows.length - atMost} more`]]
