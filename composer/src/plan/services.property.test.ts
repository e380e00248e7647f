import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { count } from '../../../test/counts.ts'
import { randomFrom, seed } from '../../../test/support/random.ts'
import { pin } from '../lock/index.ts'
import type { Locked } from '../model/lock.ts'
import type { Selection } from '../model/selection.ts'
import { resolve } from '../resolve/index.ts'
import { readSelection } from '../selection/index.ts'
import { readCatalog } from '../sources/index.ts'
import { departures } from './specification.ts'
import { randomFragment } from './test-fragments.ts'
import { planServices } from './services.ts'

const first = seed()

/** A selection of many plugins with a random fragment each, pinned. */
async function random(number: number, run: (world: World) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'compose-fragments-'))
  try {
    const next = randomFrom(number)
    const names = Array.from({ length: 30 }, (_, at) => `plugin-${at}`)
    const made = names.map((name, at) => ({ name, ...randomFragment(name, at, next) }))
    for (const { name, fragment, services } of made) {
      mkdirSync(join(folder, 'plugins', name, 'services'), { recursive: true })
      writeFileSync(join(folder, 'plugins', name, 'services/docker-compose.yml'), fragment)
      for (const file of ['conf', 'key'])
        writeFileSync(join(folder, 'plugins', name, 'services', file), file)
      writeFileSync(
        join(folder, 'plugins', name, 'plugin.yaml'),
        stringify({
          name,
          version: '1.0.0',
          title: name,
          description: 'A random one.',
          author: 'BitcartCC',
          license: 'MIT',
          requires: { bitcartcc: '*' },
          contributes: { services },
        }),
      )
    }
    writeFileSync(
      join(folder, 'selection.yaml'),
      stringify({
        distribution: 'test',
        core: '*',
        plugins: Object.fromEntries(names.map((name) => [name, '*'])),
        deployment: { images: 'tags' },
        grants: Object.fromEntries(made.map(({ name, grants }) => [name, grants])),
        force: { 'services.api.restart': 'always' },
      }),
    )
    const selection = await readSelection(join(folder, 'selection.yaml'))
    const locked = await pin(selection, resolve(selection, await readCatalog(selection)), {
      isFrozen: false,
      out: join(folder, 'dist'),
    })
    run({ selection, locked, folder, next })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
interface World {
  readonly selection: Selection
  readonly locked: Locked
  readonly folder: string
  readonly next: () => number
}

/** `a.b.0` → value, of every leaf; empty mappings and lists are leaves. */
function leaves(
  value: unknown,
  path: readonly string[] = [],
): readonly (readonly [string, unknown])[] {
  const isLeaf = typeof value !== 'object' || value === null || Object.keys(value).length === 0
  return isLeaf
    ? [[path.join('.'), value]]
    : Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
}

test(`every leaf of a merge of random fragments has its origin, on the very line (seed ${first})`, async () => {
  for (let round = 0; round < count(2, 40); round += 1)
    await random(first + round, ({ selection, locked, folder }) => {
      const { compose, problems } = planServices(selection, locked, [])
      expect([problems, departures(compose.document)]).toEqual([[], []])
      const values = new Map(leaves(compose.document))
      expect(Object.keys(compose.origins)).toEqual([...values.keys()].toSorted())
      for (const [path, { by, at }] of Object.entries(compose.origins)) {
        // Words of the long form, which the short one does not say.
        if (
          /\.(protocol|type|condition|volumes\.\d\.read_only|(networks|secrets)\.\S+|volumes\.\d\.(source|target))$/.test(
            path,
          )
        )
          continue
        if (at === undefined) {
          expect(by, path).toMatch(/^(core|selection)$/)
          continue
        }
        const [file = '', line = ''] = at.split(':')
        const text = readFileSync(join(folder, 'plugins', by.split(' ')[0] ?? '', file), 'utf8')
        const written = text.split('\n')[Number(line) - 1] ?? ''
        const own = String(values.get(path)).replace(`${by.split(' ')[0] ?? ''}-`, '')
        const key =
          path
            .split('.')
            .findLast((each) => !/^\d+$/.test(each))
            ?.replace(/^plugin-\d+-/, '') ?? ''
        expect([path, written.includes(own) || written.includes(key)]).toEqual([path, true])
      }
    })
})

test(`any order of thirty fragments gives the same bytes (seed ${first})`, async () => {
  await random(first, ({ selection, locked, next }) => {
    const once = JSON.stringify(planServices(selection, locked, []))
    for (let round = 0; round < count(8, 400); round += 1) {
      const plugins = locked.plugins
        .map((plugin) => ({ plugin, at: next() }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ plugin }) => plugin)
      expect(JSON.stringify(planServices(selection, { ...locked, plugins }, []))).toBe(once)
    }
  })
})
