import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import type { Broken } from './rule.ts'
import { wordsFor } from './words.ts'

/** An archive breaks a rule of the reader; `facts` say who asked for it, and which bytes it is. */
export const unsafeArchive = (
  shownAs: string,
  broken: Broken,
  facts: { readonly before?: readonly Fact[]; readonly integrity?: string } = {},
): Problem => ({
  code: 'lock/unsafe-archive',
  says: `${shownAs} ${wordsFor(broken)}.`,
  facts: [
    ...(facts.before ?? []),
    ...ruleFacts(broken),
    ...(facts.integrity === undefined ? [] : [['integrity', short(facts.integrity)]]),
  ],
  kept: 'Nothing was unpacked.',
  fix: [fixOf(broken)],
})

/** A folder of a plugin holds what no archive may hold. */
export const unsafeFolder = (
  shownAs: string,
  broken: Broken,
  before: readonly Fact[],
): Problem => ({
  code: 'lock/unsafe-folder',
  says: `${shownAs} ${wordsFor(broken)}.`,
  facts: [...before, ...ruleFacts(broken)],
  kept: 'Nothing was built.',
  fix: [
    broken.name === undefined
      ? `Make ${shownAs} smaller.`
      : `Take ${escaped(broken.name)} out of ${shownAs}, or give it another name.`,
  ],
})

/** A command for authors was pointed at nothing of theirs. */
export const noPlugin = (shownAs: string): Problem => ({
  code: 'sources/no-plugin',
  says: `${shownAs} is neither an archive nor a folder with a plugin.yaml.`,
  fix: ['Name the folder of the plugin, or its archive.'],
})

function fixOf(broken: Broken): string {
  if (isForeign(broken)) return 'Ask who made it for an archive written by   compose plugin pack'
  return broken.rule === 'E_ZIP_LIMIT' && broken.reason !== 'ratio'
    ? 'Do not build with this archive, unless the limits of your selection are lower than you meant.'
    : 'Do not build with this archive. Tell the one who gave it to you.'
}

/** What ordinary zip programs do in good faith. */
const isForeign = ({ rule, reason }: Broken) =>
  rule === 'E_ZIP_HEADER'
    ? reason !== 'mismatch'
    : ['manifest-missing', 'manifest-not-first', 'not-a-zip'].includes(reason) ||
      rule === 'E_ZIP_METHOD'

const ruleFacts = ({ rule, reason, entry, name }: Broken): readonly Fact[] => [
  ...(name === undefined && entry === undefined
    ? []
    : [
        [
          entry === undefined ? 'file' : `entry ${entry.number} of ${entry.of}`,
          name === undefined ? '' : escaped(name),
        ],
      ]),
  ['rule', `${rule} ${reason}`],
]

/** `sha512-9f2c41…e1b==`: enough to tell two apart. */
export const short = (checksum: string): string => `${checksum.slice(0, 13)}…${checksum.slice(-4)}`

/** A name that anybody may have written, in printable ASCII and quotes, a long one cut in its middle. */
export function escaped(name: string): string {
  const visible = [...name].map((each) =>
    /^[ -~]$/.test(each) ? each : `\\u{${(each.codePointAt(0) ?? 0).toString(16)}}`,
  )
  const cut =
    visible.length <= 60 ? visible : [...visible.slice(0, 28), ' … ', ...visible.slice(-28)]
  return `"${cut.join('')}"`
}
