import { describe, expect, test } from 'vitest'
import { importsOf, isInside, manifestOf, packageFolders, packageOf } from './support/imports.ts'

const folders = await packageFolders()
const imports = await importsOf(folders)
const names = new Map(folders.map((folder) => [manifestOf(folder).name, folder]))

/** Room → the doors it may use; everything it does not name is closed to it. */
const doors: Readonly<Record<string, readonly string[]>> = {
  'core/sdk': [],
  'core/domain': ['core/sdk'],
  'core/api': ['core/domain', 'core/sdk'],
  'core/worker': ['core/domain', 'core/sdk'],
  'core/server': ['core/api', 'core/worker', 'core/domain', 'core/sdk'],
  'core/ui': ['core/sdk'],
  'core/admin': ['core/ui', 'core/sdk'],
  'core/store': ['core/ui', 'core/sdk'],
  composer: ['core/sdk'],
  plugins: ['core/sdk', 'core/ui'],
  test: ['composer', 'core/sdk'],
}
/**
 * Single doors of the composer: `check` rehearses with the code that will migrate, and compares as `doctor` does,
 * `stack` asks as `migrate` does whether a distribution fits what a database has run,
 * `plan` checks a setting and a template by the rules that will check them in the admin,
 * `bin` has WebAssembly compiled as the embedded database has,
 * `prove` lays data out as a first start does, and rehearsals begin with the empty database that is laid out there,
 * `place` tells a living build's folder from a dead one's as the data folder's lock does,
 * and `compile` compiles validators with the code that would do it at run time.
 */
const composersDoors = [
  '@bitcartcc/domain/database',
  '@bitcartcc/domain/migrator',
  '@bitcartcc/domain/migration-plan',
  '@bitcartcc/domain/migration-problems',
  '@bitcartcc/domain/core-migrations',
  '@bitcartcc/domain/schema-differences',
  '@bitcartcc/domain/embedded',
  '@bitcartcc/domain/pglite',
  '@bitcartcc/domain/embedded-connection',
  '@bitcartcc/domain/embedded-pool',
  '@bitcartcc/domain/lay-out',
  '@bitcartcc/domain/empty-database',
  '@bitcartcc/domain/wasm-flags',
  '@bitcartcc/domain/process-start',
  '@bitcartcc/domain/setting-values',
  '@bitcartcc/domain/template-check',
  '@bitcartcc/api/compilers',
]
const stages = 'selection sources resolve lock plan generate check compile package prove'.split(' ')

/** How often loops run, what is random, how words are compared, types checked and databases run is the same for every test. */
const sharedByTests = [
  'test/counts.ts',
  'test/support/ci.ts',
  'test/support/one-line.ts',
  'test/support/random.ts',
  'test/support/type-errors.ts',
  'test/support/wasm-flags.ts',
]
const isSharedByTests = (file: string, target: string) =>
  file.endsWith('.test.ts') && sharedByTests.includes(target)

test('Node is 24 or later', () => {
  expect(Number.parseInt(process.versions.node, 10)).toBeGreaterThanOrEqual(24)
})

describe('the walls of the house', () => {
  test('a room uses the doors it was given, and no other', () => {
    const crossing = imports.flatMap(({ file, from, specifier }) => {
      const to = names.get(packageOf(specifier))
      if (to === undefined || to === from) return []
      if (from === 'composer' && composersDoors.includes(specifier)) return []
      const open = doors[from.startsWith('plugins/') ? 'plugins' : from] ?? []
      return open.includes(to) ? [] : [`${file} → ${specifier}`]
    })
    expect(crossing).toEqual([])
  })

  test('no file reaches into another room around its door', () => {
    const reaching = imports.flatMap(({ file, from, specifier, target }) =>
      target === undefined || isInside(target, from) || isSharedByTests(file, target)
        ? []
        : [`${file} → ${specifier}`],
    )
    expect(reaching).toEqual([])
  })

  test('a package is imported only where it is declared', () => {
    const tools = manifestOf('.').declares
    const undeclared = imports.flatMap(({ file, from, specifier, target }) => {
      if (target !== undefined) return []
      const { name, declares } = manifestOf(from)
      const wanted = packageOf(specifier)
      const isTest = from === 'test' || /\.test\.ts$|\/test\/|\/test-support\.ts$/.test(file)
      const isKnown = declares.has(wanted) || name === wanted || (isTest && tools.has(wanted))
      return isKnown ? [] : [`${file} → ${specifier}`]
    })
    expect(undeclared).toEqual([])
  })

  test('a stage knows no other stage', () => {
    const stageOf = (path: string) => /^composer\/src\/([^/]+)\//.exec(path)?.[1] ?? ''
    const knowing = imports.flatMap(({ file, specifier, target }) => {
      // A test, and what it stands on, comes to its stage by the stairs.
      if (/\.test\.ts$|\/test-[^/]+\.ts$/.test(file)) return []
      const [from, to] = [stageOf(file), stageOf(target ?? '')]
      return from !== to && stages.includes(from) && stages.includes(to)
        ? [`${file} → ${specifier}`]
        : []
    })
    expect(knowing).toEqual([])
  })

  test('every room is on the map', () => {
    const unknown = folders.filter((folder) => !(folder in doors) && !folder.startsWith('plugins/'))
    expect(unknown).toEqual([])
    expect(imports.length).toBeGreaterThan(100)
  })
})
