import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { count } from '../../../test/counts.ts'
import { randomFrom, seed } from '../../../test/support/random.ts'
import type { Release } from '../model/release.ts'
import { release, selectionOf } from '../resolve/test-support.ts'
import { planMigrations } from './migrations.ts'

const start = seed()
const work = mkdtempSync(join(tmpdir(), 'compose-order-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const names = ['ants', 'bees', 'cats', 'dogs', 'emus', 'frogs', 'gnus', 'hens']
const idsOfPlugin = new Map(
  names.map((name, at) => [
    name,
    Array.from({ length: 1 + (at % 3) }, (_, file) => `${name}/000${file + 1}_step`),
  ]),
)
const idsOf = (name: string) => idsOfPlugin.get(name) ?? []
for (const [name, ids] of idsOfPlugin) {
  mkdirSync(join(work, name, 'migrations'), { recursive: true })
  for (const [at, id] of ids.entries())
    writeFileSync(join(work, `${name}/migrations/${fileOf(id)}`), sqlOf(at))
}
function fileOf(id: string): string {
  return `${id.split('/')[1] ?? ''}.sql`
}
function sqlOf(at: number, header = ''): string {
  return `${header}create table t${at} (id int);\n`
}

interface Graph {
  readonly releases: readonly Release[]
  /** `[later, earlier]`, as headers say. */
  readonly told: readonly (readonly [string, string])[]
  /** Two that need each other, and say how. */
  readonly mutual: readonly string[]
}

/**
 * Plugins that need each other at random; their rank says who may need whom, and not their names. Two of neighbouring
 * ranks may need each other half-way, and write down a random order of their files that is one.
 */
function graphOf(random: () => number, folder: string): Graph {
  const some = shuffled(names, random).slice(0, 2 + Math.floor(random() * (names.length - 1)))
  const rank = Math.floor(random() * (some.length - 1))
  const [lower = '', upper = ''] = some.slice(rank, rank + 2)
  const told = random() < 0.5 ? mixed(lower, upper, random) : []
  const mutual = told.length > 0 ? [lower, upper] : []
  const releases = some.map((name, at) => {
    const before = (chance: number) =>
      Object.fromEntries(
        some
          .slice(0, at)
          .filter((each) => random() < chance || (name === upper && mutual.includes(each)))
          .map((each) => [each, '*']),
      )
    const optional = { ...before(0.15), ...(mutual[0] === name ? { [upper]: '*' } : {}) }
    const { manifest, ...rest } = release(name, '1.0.0', { plugins: before(0.3), optional })
    return {
      ...rest,
      folder: mutual.includes(name) ? written(name, told, folder) : join(work, name),
      manifest: { ...manifest, contributes: { migrations: './migrations' } },
    }
  })
  return { releases, told, mutual }
}

/** Some of what a random order of the files of two plugins says, of each about the other; nothing where it says that of one only. */
function mixed(lower: string, upper: string, random: () => number): Graph['told'] {
  const left = [[...idsOf(lower)], [...idsOf(upper)]]
  const order: string[] = []
  while (left.some(({ length }) => length > 0)) {
    const next = left[random() < 0.5 ? 0 : 1]?.shift()
    if (next !== undefined) order.push(next)
  }
  const told = order.flatMap((id, at) => {
    const other = order.slice(0, at).findLast((each) => pluginOf(each) !== pluginOf(id))
    return other === undefined ? [] : [[id, other] as const]
  })
  return new Set(told.map(([id]) => pluginOf(id))).size === 2 ? told : []
}

/** The files of a plugin with their headers; half of those that another waits for say so themselves. */
function written(name: string, told: Graph['told'], folder: string): string {
  const isSaidBefore = (id: string) => id.endsWith('2_step')
  mkdirSync(join(folder, name, 'migrations'), { recursive: true })
  for (const [at, id] of idsOf(name).entries()) {
    const header = told.flatMap(([later, earlier]) => {
      if (isSaidBefore(earlier)) return earlier === id ? [`-- before: ${later}\n`] : []
      return later === id ? [`-- after: ${earlier}\n`] : []
    })
    writeFileSync(join(folder, name, 'migrations', fileOf(id)), sqlOf(at, header.join('')))
  }
  return join(folder, name)
}

const pluginOf = (id: string) => id.split('/')[0] ?? ''

function shuffled<T>(list: readonly T[], random: () => number): readonly T[] {
  return list
    .map((value) => ({ value, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ value }) => value)
}

async function planOf(releases: readonly Release[]) {
  const { migrations, problems } = await planMigrations(selectionOf({}), {
    previous: undefined,
    lock: { core: { version: '1.0.0', tree: '' } },
    plugins: releases.map((each) => ({
      release: each,
      tree: '',
      files: new Map(),
      capabilities: [],
    })),
  })
  expect(problems).toEqual([])
  return migrations
}
const orderOf = async (releases: readonly Release[]) =>
  (await planOf(releases)).steps.map(({ id }) => id)

/** Runs with a graph for each seed, and names the seed that failed. */
async function forGraphs(
  times: number,
  run: (graph: Graph, random: () => number) => Promise<void>,
) {
  for (let at = 0; at < times; at++) {
    const random = randomFrom(start + at)
    const folder = mkdtempSync(join(work, 'headers-'))
    try {
      await run(graphOf(random, folder), random)
    } catch (error) {
      throw new Error(`with COMPOSE_TEST_SEED=${start + at}`, { cause: error })
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
}

const neededBy = ({ manifest }: Release) => [
  ...Object.keys(manifest.requires.plugins ?? {}),
  ...Object.keys(manifest.requires.optional ?? {}),
]

test('every step stands after those of core, those before it in its plugin, those its header names, and those of plugins it needs', () =>
  forGraphs(count(12, 1000), async ({ releases, told, mutual }) => {
    const ids = await orderOf(releases)
    const [core, own] = [
      ids.filter((id) => id.startsWith('core/')),
      ids.filter((id) => !id.startsWith('core/')),
    ]
    expect(ids).toEqual([...core, ...own])
    const of = (name: string) => own.filter((id) => id.startsWith(`${name}/`))
    for (const [later, earlier] of told)
      expect(own.indexOf(later)).toBeGreaterThan(own.indexOf(earlier))
    for (const each of releases) {
      expect(of(each.name)).toEqual(idsOf(each.name))
      const first = own.indexOf(of(each.name)[0] ?? '')
      for (const needed of neededBy(each))
        if (!(mutual.includes(each.name) && mutual.includes(needed)))
          expect(first).toBeGreaterThan(own.indexOf(of(needed).at(-1) ?? ''))
    }
  }))

test('the plan is the same whatever order plugins are given in', () =>
  forGraphs(count(12, 1000), async ({ releases }, random) => {
    expect(await planOf(shuffled(releases, random))).toEqual(await planOf(releases))
  }))

test('a plugin that comes or goes never reorders what was there, but for those that say they come after it', () =>
  forGraphs(count(12, 1000), async ({ releases }) => {
    const all = await orderOf(releases)
    for (const one of releases) {
      if (releases.some((each) => neededBy(each).includes(one.name))) continue
      const without = await orderOf(releases.filter((each) => each !== one))
      expect(all.filter((id) => !id.startsWith(`${one.name}/`))).toEqual(without)
    }
  }))
