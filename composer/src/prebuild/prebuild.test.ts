import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import { readArchive } from '../archive/index.ts'
import { packCommand } from '../commands/plugin-pack.ts'
import { machineCodeInside } from './problems.ts'

const world = mkdtempSync(join(tmpdir(), 'compose-prebuild-'))
const before = process.cwd()
beforeAll(() => {
  process.env['COMPOSE_CACHE_DIR'] = join(world, 'cache')
  process.chdir(world)
})
afterAll(() => {
  process.chdir(before)
  delete process.env['COMPOSE_CACHE_DIR']
  rmSync(world, { recursive: true, force: true })
})

/** Copies a plugin we ship to a place of its own. */
function copied(name: string, to: string): string {
  cpSync(join(import.meta.dirname, '../../../plugins', name), join(world, to), {
    recursive: true,
    filter: (path) => !/node_modules|plugin\.gen\.ts|tsconfig/.test(path),
  })
  return to
}

async function packed(folder: string): Promise<Buffer> {
  let printed = ''
  await packCommand({
    words: [folder],
    flags: { frozen: false, json: false, quiet: true, prebuilt: true },
    print: (text) => void (printed += text),
    tell: () => undefined,
  })
  return readFileSync(printed.trim())
}

test('what is prebuilt holds JavaScript, its types, and nothing to install; from any folder the same bytes', async () => {
  const archive = await packed(copied('batch-import', 'here'))
  const again = await packed(copied('batch-import', 'far/away/there'))
  expect(again.equals(archive)).toBe(true)
  const read = readArchive(archive)
  if (!read.isSafe) throw new Error('the archive is refused')
  const text = (path: string) => Buffer.from(read.value.get(path) ?? []).toString()
  expect({
    files: [...read.value.keys()].map((path) => path.replace(/-[\w-]{8}\./, '-HASH.')),
    routes: /\n {2}api\.routes: (.*)\n/.exec(text('plugin.yaml'))?.[1],
    packageJson: JSON.parse(text('package.json')) as unknown,
    types: text('admin/ImportsPage.d.ts'),
    path: [...read.value.values()].some((bytes) => Buffer.from(bytes).includes(world)),
  }).toEqual({
    files: [
      'plugin.yaml',
      'admin/ImportButton.d.ts',
      'admin/ImportButton.js',
      'admin/ImportsPage.d.ts',
      'admin/ImportsPage.js',
      'api/routes.d.ts',
      'api/routes.js',
      'api/shared/read-products-HASH.js',
      'locales/de.json',
      'migrations/0001_imports.sql',
      'migrations/sample.sql',
      'package.json',
      'shared/ImportDialog-HASH.css',
      'shared/ImportDialog-HASH.js',
      'worker/import.d.ts',
      'worker/import.js',
    ],
    routes: './api/routes.js',
    packageJson: {
      name: 'batch-import',
      version: '1.0.0',
      license: 'MIT',
      type: 'module',
      peerDependencies: { vue: '3.5.45' },
    },
    types:
      "import type { DefineComponent } from 'vue'\ndeclare const component: DefineComponent<object>\nexport default component\n",
    path: false,
  })
}, 120_000)

test('a module that imports what is not there is told', async () => {
  const folder = copied('status-page', 'broken')
  const file = join(world, folder, 'services/page.ts')
  writeFileSync(file, `// @ts-nocheck\nimport './nowhere.ts'\n${readFileSync(file, 'utf8')}`)
  const refused = await packed(folder).catch((error: unknown) =>
    error instanceof Refused ? error.problems.map(problemText).join('') : String(error),
  )
  expect(refused).toMatchInlineSnapshot(`
    "✗ A module of this plugin cannot be compiled.

        Build failed with 1 error:
        [UNRESOLVED_IMPORT] Could not resolve './nowhere.ts' in services/page.ts
        ╭─[ services/page.ts:1:8 ]
        │
        1 │ import "./nowhere.ts";
        │        ───────┬──────
        │               ╰──────── Module not found.
        │

      No archive was written.

      Fix: Mend the module named above.

      More: compose explain compile/plugin-does-not-compile
    "
  `)
}, 120_000)

test('machine code cannot be prebuilt', () => {
  expect(problemText(machineCodeInside('thumbnails', ['sharp']))).toMatchInlineSnapshot(`
    "✗ thumbnails cannot be prebuilt: npm packages of it bring machine code.

        sharp

      No archive was written.

      Fix: Pack it as source:   compose plugin pack
           Or do without those packages.

      More: compose explain lock/prebuilt-machine-code
    "
  `)
})
