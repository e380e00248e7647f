import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'

/** The folder of the distribution that a command is about: the one named, or the only one in `dist/`. */
export function distributionFolder(word: string | undefined, command: string): string {
  if (word !== undefined && isDistribution(word)) return resolve(word)
  const built = word === undefined ? distributionsIn('dist') : []
  const [only] = built
  if (only !== undefined && built.length === 1) return resolve(only)
  throw new Refused([
    built.length > 1 ? whichOne(built, command) : noDistribution(word, command, meant(word)),
  ])
}

const isDistribution = (folder: string) => existsSync(join(folder, 'server.js'))

const distributionsIn = (folder: string): readonly string[] =>
  statSync(folder, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(folder)
        .filter((name) => !name.startsWith('.'))
        .map((name) => join(folder, name))
        .filter(isDistribution)
    : []

/**
 * The one that was meant: its name alone was given, or what it lies in, or a file of it; else one that is there. Where nothing
 * was given, the current folder may be it, or what it lies in.
 */
function meant(word: string | undefined): string | undefined {
  const found =
    word === undefined
      ? ['.', ...distributionsIn('.')]
      : [
          join('dist', word),
          ...distributionsIn(word),
          ...distributionsIn(join(word, 'dist')),
          dirname(word),
          ...distributionsIn('dist'),
        ]
  return found.find(isDistribution)
}

const noDistribution = (word = 'dist', command: string, near: string | undefined): Problem => ({
  code: 'start/no-distribution',
  says: `There is no distribution in ${word === '.' ? 'this folder' : word}.`,
  fix:
    near === undefined
      ? ['Build one first:   compose build', `then name its folder:   compose ${command} dist/NAME`]
      : [`Name the one that is there:   compose ${command} ${near}`],
})
const whichOne = (folders: readonly string[], command: string): Problem => ({
  code: 'start/which-one',
  says: `dist/ holds ${folders.length} distributions.`,
  facts: folders.map((folder) => [folder]),
  fix: [`Name one:   compose ${command} ${folders[0] ?? 'dist/NAME'}`],
})
