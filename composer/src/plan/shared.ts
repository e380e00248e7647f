import type { Problem } from '@bitcartcc/sdk/problem'
import {
  infrastructure,
  infrastructureNamed,
  type Infrastructure,
} from '../model/infrastructure.ts'
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
    const { healthcheck, dataFolder } = known(name)
    const value = {
      ...always,
      image,
      deploy: { resources: { limits: { memory: '256m' } } },
      healthcheck: {
        test: healthcheck,
        interval: '5s',
        timeout: '3s',
        retries: 20,
      },
      networks: Object.fromEntries(
        ['inside', ...needs.map(({ release }) => release.name)].map((each) => [each, {}]),
      ),
      restart: 'unless-stopped',
      ...(dataFolder === undefined
        ? {}
        : { volumes: [{ source: name, target: dataFolder, type: 'volume' }] }),
    }
    const rows = needs.map((need) => originAt(needRow(name, need.release)))
    return [
      name,
      sourcedTable(value, () => ({ by: 'core', as: `needs.${name}`, from: rows })),
    ] as const
  })
  const lasting = shared.filter(({ name }) => known(name).dataFolder !== undefined)
  const volumes = lasting.map(({ name, needs }) => {
    const rows = needs.map((need) => originAt(needRow(name, need.release)))
    return [
      name,
      { kind: 'leaf', value: {}, origin: { by: 'core', as: `needs.${name}`, from: rows } },
    ] as const
  })
  return tableOf([
    ['services', tableOf(services)],
    ...(volumes.length === 0 ? [] : [['volumes', tableOf(volumes)] as const]),
  ])
}

/** What core knows of a need that it gives. */
function known(name: string): Infrastructure {
  const found = infrastructureNamed(name)
  if (!found) throw new Error('a need that core does not know is not given')
  return found
}

/** Where services of a plugin find what it needs: `REDIS_URL`; what core does not have is refused elsewhere. */
export const sharedEnvironment = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const found = infrastructureNamed(name)
      return found
        ? [[`${name.toUpperCase()}_URL`, `${found.scheme}://${name}:${found.port}`] as const]
        : []
    }),
  )

/** Needs that core does not know, that are no range, or that no version fits together. */
export const needProblems = (
  releases: readonly Release[],
  shared: readonly SharedService[],
): readonly Problem[] =>
  [...needsOf(releases)].flatMap(([name, needs]) => {
    if (shared.some((each) => each.name === name)) return []
    const rows = needs.map(({ release }) => needRow(name, release))
    const found = infrastructureNamed(name)
    if (!found) return [unknownNeed(name, rows, nearest(name, Object.keys(infrastructure)))]
    const wrong = needs.filter(({ range }) => !isRange(range))
    return [
      noSharedVersion(
        name,
        wrong.length > 0 ? wrong.map(({ release }) => needRow(name, release)) : rows,
        found.versions.map(({ version }) => version),
      ),
    ]
  })

const needRow = (name: string, release: Release) =>
  rowOf(release, 'contributes', 'services', 'needs', name)
