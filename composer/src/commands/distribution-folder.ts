import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'

/** The folder of the distribution that a command is about: the one named, or the only one in `dist/`. */
export function distributionFolder(word: string | undefined, command: string): string {
  if (word !== undefined) {
    if (existsSync(join(word, 'server.js'))) return resolve(word)
    throw new Refused([noDistribution(word, command)])
  }
  const built = existsSync('dist')
    ? readdirSync('dist').filter(
        (name) => !name.startsWith('.') && existsSync(join('dist', name, 'server.js')),
      )
    : []
  const [only] = built
  if (only !== undefined && built.length === 1) return resolve('dist', only)
  throw new Refused([built.length > 1 ? whichOne(built, command) : noDistribution('dist', command)])
}

const noDistribution = (word: string, command: string): Problem => ({
  code: 'start/no-distribution',
  says: `There is no distribution in ${word}.`,
  fix: ['Build one first:   compose build', `then name its folder:   compose ${command} dist/NAME`],
})
const whichOne = (names: readonly string[], command: string): Problem => ({
  code: 'start/which-one',
  says: `dist/ holds ${names.length} distributions.`,
  facts: names.map((name) => [`dist/${name}`]),
  fix: [`Name one:   compose ${command} dist/${names[0] ?? 'NAME'}`],
})
