import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { writeBase } from './support/base-image.ts'
import { root } from './support/compose.ts'
import {
  built,
  builtStandard,
  standardSelection,
  takeLock,
  type Built,
} from './support/distribution.ts'
import { hashesOf } from './support/tree.ts'

interface Made {
  readonly folder: string
  readonly digest: string
  readonly layers: readonly { readonly name: string; readonly digest: string }[]
}
let standard: Built
const folders: string[] = []
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'compose-image-'))
  folders.push(folder)
  return folder
}

beforeAll(async () => {
  standard = await builtStandard()
})
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** Runs `compose image … --json`; a selection is built before, which tells a line a stage. */
async function image(
  cwd: string,
  what: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Made> {
  await writeBase(join(cwd, 'base.tar'))
  const args = ['image', what, '--base', 'base.tar', '--json']
  const lines = (await built(args, cwd, standard.cacheDir, env)).trimEnd().split('\n')
  return JSON.parse(lines.at(-1) ?? '') as Made // what the command prints last
}

test('a distribution has one image: in another folder, time zone, locale and under another umask', async () => {
  const [here, there] = [await newFolder(), join(await newFolder(), 'deep/in an Ünother folder')]
  const first = await image(here, standard.folder)
  await mkdir(there, { recursive: true })
  const umask = process.umask(0o077)
  try {
    const second = await image(there, standard.folder, {
      TZ: 'Pacific/Kiritimati',
      LC_ALL: 'tr_TR.UTF-8',
      HOME: there,
    })
    expect(second).toEqual(first)
  } finally {
    process.umask(umask)
  }
  expect(await hashesOf(join(there, 'images'), '{**/*,**/.*}')).toEqual(
    await hashesOf(join(here, 'images'), '{**/*,**/.*}'),
  )
})

test('one line of a plugin changes its layer and the small one on top', async () => {
  const cwd = await newFolder()
  const plugin = join(root, 'plugins/ratings')
  await cp(plugin, join(cwd, 'ratings'), {
    recursive: true,
    filter: (source) => !source.includes('node_modules'),
  })
  const asked = parse(await readFile(standardSelection, 'utf8')) as { plugins: object } // our own file
  const plugins = { ...asked.plugins, ratings: { path: './ratings' } }
  await writeFile(join(cwd, 'selection.yaml'), stringify({ ...asked, plugins }))
  await takeLock(standard, cwd)
  const before = await image(cwd, 'selection.yaml')
  for (const [file, line] of [
    ['store/ProductRatings.vue', 'Thank you for your rating'],
    ['api/routes.ts', 'Lists votes, newest first.'],
  ] as const) {
    const path = join(cwd, 'ratings', file)
    const text = await readFile(path, 'utf8')
    expect(text).toContain(line)
    await writeFile(path, text.replace(line, `${line} Again.`))
  }
  const after = await image(cwd, 'selection.yaml')
  expect(before.layers.map(({ name }) => name)).toEqual([
    'base',
    'runtime',
    'vendor',
    'core',
    'batch-import',
    'bitcoin',
    'mail',
    'rates',
    'ratings',
    'status-page',
    'distribution',
  ])
  const changed = after.layers.filter(({ digest }, at) => digest !== before.layers[at]?.digest)
  expect(changed.map(({ name }) => name)).toEqual(['ratings', 'distribution'])
  expect(after.digest).not.toBe(before.digest)
})
