import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { count } from '../../../test/counts.ts'
import { randomFrom, seed } from '../../../test/support/random.ts'
import type { Origin } from '../model/origin.ts'
import { randomMergeable } from './test-mergeable.ts'
import { planServices } from './services.ts'
import { isPlain } from './sourced.ts'
import { makeWorld, removeWorld } from './test-world.ts'

/** The editions that are here: the older program, the plugin of docker, and a newer program that the environment names. */
const newer = process.env['TEST_DOCKER_COMPOSE_2']
const editions: readonly (readonly [program: string, args: readonly string[]])[] = (
  [
    ['docker-compose', []],
    ['docker', ['compose']],
    ...(newer ? [[newer, []] as const] : []),
  ] as const
).filter(([program, args]) => spawnSync(program, [...args, 'version']).status === 0)
const word = editions.length > 0 ? '' : ' (skipped: no docker-compose here)'
const first = seed()

test.skipIf(editions.length === 0)(
  `what docker-compose makes of fragments that it can merge is what compose makes of them (seed ${first})${word}`,
  { timeout: 600_000 },
  async () => {
    for (let round = 0; round < count(1, 25); round += 1) {
      const made = randomMergeable(randomFrom(first + round))
      const world = await makeWorld(made, {})
      try {
        const { compose, problems } = planServices(world.selection, world.locked, [])
        expect([first + round, problems]).toEqual([first + round, []])
        const ours = withoutCore(compose.document, compose.origins)
        const { services: _, ...around } = compose.document
        const files = { 'around.yml': { ...around, services: { api: { image: 'api' } } } }
        for (const edition of editions) {
          const merged = asRead(edition, world.folder, { 'merged.yml': ours })
          const wanted = asRead(edition, world.folder, {
            ...files,
            ...Object.fromEntries(made.map(({ name, asMerged }) => [`${name}.yml`, asMerged])),
          })
          expect([first + round, edition[0], merged]).toEqual([first + round, edition[0], wanted])
        }
      } finally {
        removeWorld(world)
      }
    }
  },
)

/** The merged file without what core says in its services: what is left, fragments said. */
function withoutCore(
  document: Readonly<Record<string, unknown>>,
  origins: Readonly<Record<string, Origin>>,
): object {
  const left = (value: unknown, path: string): unknown => {
    if (Array.isArray(value) && value.length > 0)
      return keep(value.map((each: unknown, at) => left(each, `${path}.${at}`)))
    if (isPlain(value) && Object.keys(value).length > 0) {
      const entries = Object.entries(value).map(
        ([key, each]) => [key, left(each, `${path}.${key}`)] as const,
      )
      const kept = entries.filter(([, each]) => each !== undefined)
      return kept.length === 0 ? undefined : Object.fromEntries(kept)
    }
    return origins[path]?.by === 'core' ? undefined : value
  }
  const keep = (items: readonly unknown[]) => {
    const kept = items.filter((each) => each !== undefined)
    return kept.length === 0 ? undefined : kept
  }
  const { api = {}, ...services } = (left(document['services'], 'services') ?? {}) as Readonly<
    Record<string, object>
  > // mappings stay mappings
  return { ...document, services: { ...services, api: { ...api, image: 'api' } } }
}

/** What an edition reads out of files, the later over the earlier, in one form. */
function asRead(
  [program, args]: (typeof editions)[number],
  folder: string,
  files: Readonly<Record<string, object>>,
): unknown {
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), stringify(content, { version: '1.1' }))
  const named = Object.keys(files).flatMap((name) => ['-f', name])
  const run = spawnSync(program, [...args, ...named, 'config'], { cwd: folder, encoding: 'utf8' })
  expect([run.status, run.stderr]).toEqual([0, expect.any(String)])
  return inOneForm(parse(run.stdout, { version: '1.1' }))
}

const ordered = new Set(['command', 'entrypoint', 'test'])

/**
 * Lists without an order sorted; nothing said is an empty mapping, or TCP, or a volume without options; volumes and
 * `mem_limit` in the longer form.
 */
function inOneForm(value: unknown, key = ''): unknown {
  if (value === null) return {}
  if (Array.isArray(value)) {
    const items = value.map((each: unknown) =>
      inOneForm(key === 'volumes' && typeof each === 'string' ? longVolume(each) : each),
    )
    return ordered.has(key)
      ? items
      : items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  }
  if (!isPlain(value)) return value
  const { mem_limit: memory, ...rest } = value
  const long =
    memory === undefined ? rest : { ...rest, deploy: { resources: { limits: { memory } } } }
  return Object.fromEntries(
    Object.entries(long)
      .filter(([name, each]) => name !== 'protocol' || each !== 'tcp')
      .filter(([name, each]) => name !== 'volume' || !isPlain(each) || Object.keys(each).length > 0)
      .map(([name, each]) => [name, inOneForm(each, name)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

function longVolume(text: string): object {
  const [source, target, mode] = text.split(':')
  return { source, target, type: 'volume', ...(mode === 'ro' ? { read_only: true } : {}) }
}
