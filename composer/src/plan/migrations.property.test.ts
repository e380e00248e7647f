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
const filesOf = new Map(names.map((name, at) => [name, 1 + (at % 3)]))
for (const [name, many] of filesOf) {
  mkdirSync(join(work, name, 'migrations'), { recursive: true })
  for (let file = 1; file <= many; file++)
    writeFileSync(
      join(work, name, 'migrations', `000${file}_step.sql`),
      `create table t${file} (id int);\n`,
    )
}

/** Plugins that need each other at random and never in a circle; their rank says who may need whom, and not their names. */
function graphOf(random: () => number): readonly Release[] {
  const some = shuffled(names, random).slice(0, 2 + Math.floor(random() * (names.length - 1)))
  return some.map((name, rank) => {
    const before = (chance: number) =>
      Object.fromEntries(
        some
          .slice(0, rank)
          .filter(() => random() < chance)
          .map((each) => [each, '*']),
      )
    const { manifest, ...rest } = release(name, '1.0.0', {
      plugins: before(0.3),
      optional: before(0.15),
    })
    return {
      ...rest,
      folder: join(work, name),
      manifest: { ...manifest, contributes: { migrations: './migrations' } },
    }
  })
}

function shuffled<T>(list: readonly T[], random: () => number): readonly T[] {
  return list
    .map((value) => ({ value, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ value }) => value)
}

const planOf = async (releases: readonly Release[]) =>
  (
    await planMigrations(selectionOf({}), {
      previous: undefined,
      lock: { core: { version: '1.0.0', tree: '' } },
      plugins: releases.map((each) => ({
        release: each,
        tree: '',
        files: new Map(),
        capabilities: [],
      })),
    })
  ).migrations
const idsOf = async (releases: readonly Release[]) =>
  (await planOf(releases)).steps.map(({ id }) => id)

/** Runs with a graph for each seed, and names the seed that failed. */
async function forGraphs(
  times: number,
  run: (releases: readonly Release[], random: () => number) => Promise<void>,
) {
  for (let at = 0; at < times; at++) {
    const random = randomFrom(start + at)
    try {
      await run(graphOf(random), random)
    } catch (error) {
      throw new Error(`with COMPOSE_TEST_SEED=${start + at}`, { cause: error })
    }
  }
}

const neededBy = ({ manifest }: Release) => [
  ...Object.keys(manifest.requires.plugins ?? {}),
  ...Object.keys(manifest.requires.optional ?? {}),
]

test('every step stands after those of core, those before it in its plugin, and those of plugins it needs', () =>
  forGraphs(count(40, 2000), async (releases) => {
    const ids = await idsOf(releases)
    const [core, own] = [
      ids.filter((id) => id.startsWith('core/')),
      ids.filter((id) => !id.startsWith('core/')),
    ]
    expect(ids).toEqual([...core, ...own])
    const of = (name: string) => own.filter((id) => id.startsWith(`${name}/`))
    for (const each of releases) {
      expect(of(each.name)).toEqual(
        Array.from(
          { length: filesOf.get(each.name) ?? 0 },
          (_, at) => `${each.name}/000${at + 1}_step`,
        ),
      )
      const first = own.indexOf(of(each.name)[0] ?? '')
      for (const needed of neededBy(each))
        expect(first).toBeGreaterThan(own.indexOf(of(needed).at(-1) ?? ''))
    }
  }))

test('the plan is the same whatever order plugins are given in', () =>
  forGraphs(count(40, 2000), async (releases, random) => {
    expect(await planOf(shuffled(releases, random))).toEqual(await planOf(releases))
  }))

test('a plugin that comes or goes never reorders what was there, but for those that say they come after it', () =>
  forGraphs(count(40, 2000), async (releases) => {
    const all = await idsOf(releases)
    for (const one of releases) {
      if (releases.some((each) => neededBy(each).includes(one.name))) continue
      const without = await idsOf(releases.filter((each) => each !== one))
      expect(all.filter((id) => !id.startsWith(`${one.name}/`))).toEqual(without)
    }
  }))
