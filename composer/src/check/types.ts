import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import type { Cache } from '../cache/cache.ts'
import { hashOf } from '../cache/hash.ts'
import type { Paths } from '../cache/paths.ts'
import { composerFolder, packageFolder, roomFolder } from '../house.ts'
import type { Plan } from '../model/plan.ts'
import { mistakesIn } from './mistakes.ts'
import { nativeCompiler } from './native-compiler.ts'
import { problemOf } from './type-problems.ts'
import { writeVueTypes } from './vue-types.ts'

export interface TypesInput {
  readonly plan: Plan
  readonly paths: Paths
  readonly cache: Cache
  readonly coreHash: string
}

/**
 * Type-checks the wiring and the plugins against core's SDK and component kit; refuses with every mistake.
 *
 * Every file is read; those that are as they were at the last check of this distribution, and stand on nothing that changed,
 * are not checked again.
 */
export async function checkTypes(input: TypesInput): Promise<void> {
  const { plan, paths, cache, coreHash } = input
  await writeVueTypes(plan, paths, cache, coreHash)
  writeFileSync(join(paths.work, 'tsconfig.check.json'), tsconfig())
  const notes = join(paths.work, 'check.tsbuildinfo')
  const known = cache.get(notesKey(input))?.get('notes')
  if (known) writeFileSync(notes, known)
  const output = await nativeCompiler('tsconfig.check.json', paths.work, notes)
  const mistakes = mistakesIn(output.text, paths.work)
  if (output.status === 0 || mistakes?.length === 0) {
    if (existsSync(notes)) cache.put(notesKey(input), new Map([['notes', readFileSync(notes)]]))
    return
  }
  const problems = (mistakes ?? []).map((mistake) => problemOf(mistake, plan, paths))
  const own = problems.filter((problem) => problem !== undefined)
  if (own.length === 0)
    throw new Error(`the wiring cannot be checked:\n${output.text.slice(0, 4000)}`)
  throw new Refused([...new Map(own.map((one) => [JSON.stringify(one), one])).values()])
}

/** The compiler's notes name files by their place, and hold the hash of each. */
const notesKey = ({ plan, paths, coreHash }: TypesInput) =>
  `type-notes-${hashOf(coreHash, paths.work, ...plan.plugins.map(({ release }) => release.name)).slice(7)}`

/** The generated tsconfig, with the components' code, and without what only the apps' entries need. */
const tsconfig = () =>
  JSON.stringify({
    extends: './tsconfig.json',
    compilerOptions: {
      rootDirs: ['.', './types', dirname(roomFolder('ui'))],
      typeRoots: [dirname(packageFolder(composerFolder, '@types/node') ?? '')],
      types: ['node'],
    },
    files: helpers,
    include: ['wiring/*.ts', 'plugins/**/*.ts', 'types/plugins/**/*.ts', 'types/plugins/**/*.tsx'],
    exclude: ['**/node_modules'],
  })

/** Declarations that the code of every component stands on. */
const helpers = ['template-helpers.d.ts', 'props-fallback.d.ts'].map((name) =>
  join(
    dirname(createRequire(import.meta.url).resolve('@vue/language-core/package.json')),
    'types',
    name,
  ),
)
