import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { count } from '../../../test/counts.ts'
import { randomFrom, seed } from '../../../test/support/random.ts'
import { departures } from './specification.ts'
import { randomFragment } from './test-fragments.ts'
import { makeWorld, removeWorld, type World } from './test-world.ts'
import { planServices } from './services.ts'

const first = seed()

/** A selection of many plugins with a random fragment each, pinned. */
async function random(number: number, run: (world: Random) => void): Promise<void> {
  const next = randomFrom(number)
  const made = Array.from({ length: 30 }, (_, at) => {
    const name = `plugin-${at}`
    return { name, ...randomFragment(name, at, next) }
  })
  const world = await makeWorld(made, { 'services.api.restart': 'always' })
  try {
    run({ ...world, next })
  } finally {
    removeWorld(world)
  }
}
interface Random extends World {
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
