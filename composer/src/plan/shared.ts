import type { Problem } from '@bitcartcc/sdk/problem'
import { sharedImages } from '../model/core-images.ts'
import type { Release } from '../model/release.ts'
import { isRange } from '../read/range.ts'
import { nearest } from '../read/nearest.ts'
import { needsOf, type SharedService } from '../read/shared-services.ts'
import { always } from './core-services.ts'
import { rowOf } from './places.ts'
import { noSharedVersion, unknownNeed } from './sharing-problems.ts'
import { originAt, sourcedTable, tableOf, type Table } from './sourced.ts'

/** Core's services that are there because plugins need them, and their volumes. */
export function sharedTables(shared: readonly SharedService[]): Table {
  if (shared.length === 0) return tableOf([])
  const services = shared.map(({ name, image, needs }) => {
    const value = {
      ...always,
      image,
      deploy: { resources: { limits: { memory: '256m' } } },
      healthcheck: {
        test: ['CMD', 'redis-cli', 'ping'],
        interval: '5s',
        timeout: '3s',
        retries: 20,
      },
      networks: Object.fromEntries(
        ['inside', ...needs.map(({ release }) => release.name)].map((each) => [each, {}]),
      ),
      restart: 'unless-stopped',
      volumes: [{ source: name, target: '/data', type: 'volume' }],
    }
    const rows = needs.map((need) => originAt(needRow(name, need.release)))
    return [
      name,
      sourcedTable(value, () => ({ by: 'core', as: `needs.${name}`, from: rows })),
    ] as const
  })
  const volumes = shared.map(({ name, needs }) => {
    const rows = needs.map((need) => originAt(needRow(name, need.release)))
    return [
      name,
      { kind: 'leaf', value: {}, origin: { by: 'core', as: `needs.${name}`, from: rows } },
    ] as const
  })
  return tableOf([
    ['services', tableOf(services)],
    ['volumes', tableOf(volumes)],
  ])
}

/** Where services of a plugin find what it needs: `REDIS_URL`. */
export const sharedEnvironment = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    names.map((name) => [`${name.toUpperCase()}_URL`, `${name}://${name}:6379`] as const),
  )

/** Needs that core does not know, that are no range, or that no version fits together. */
export const needProblems = (
  releases: readonly Release[],
  shared: readonly SharedService[],
): readonly Problem[] =>
  [...needsOf(releases)].flatMap(([name, needs]) => {
    if (shared.some((each) => each.name === name)) return []
    const rows = needs.map(({ release }) => needRow(name, release))
    const known = Object.hasOwn(sharedImages, name) ? sharedImages[name] : undefined
    if (!known) return [unknownNeed(name, rows, nearest(name, Object.keys(sharedImages)))]
    const wrong = needs.filter(({ range }) => !isRange(range))
    return [
      noSharedVersion(
        name,
        wrong.length > 0 ? wrong.map(({ release }) => needRow(name, release)) : rows,
        known.map(({ version }) => version),
      ),
    ]
  })

const needRow = (name: string, release: Release) =>
  rowOf(release, 'contributes', 'services', 'needs', name)
