import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '@bitcartcc/sdk/problem'
import { coreHookNames } from '@bitcartcc/sdk/names'
import type { Plan, PlannedEntry } from '../model/plan.ts'
import type { Release } from '../model/release.ts'
import { nearest } from '../read/nearest.ts'
import { groups } from './pages.ts'
import { rowOf } from './places.ts'
import { sameName, unknownHook } from './problems.ts'
import { routeKeys } from './route-keys.ts'

/** Routes of each plugin, with the keys its source declares; none of it is run. */
export const planRoutes = async (releases: readonly Release[]): Promise<Plan['routes']> =>
  Promise.all(
    releases.flatMap(({ name, folder, manifest }) => {
      const file = manifest.contributes['api.routes']
      if (file === undefined || !existsSync(join(folder, file))) return []
      return [
        routeKeys(join(folder, file)).then((found) => ({
          plugin: name,
          file,
          keys: found.map(({ key }) => key),
        })),
      ]
    }),
  )

/** Jobs of all plugins, sorted by plugin and name. */
export const planJobs = (releases: readonly Release[]): Plan['jobs'] =>
  releases.flatMap(({ name: plugin, manifest }) =>
    (manifest.contributes['worker.jobs'] ?? [])
      .map(({ name, run, every }) => ({
        plugin,
        name,
        file: run,
        ...(every === undefined ? {} : { every }),
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  )

/** Payment methods of all plugins, sorted by plugin and name. */
export const planMethods = (releases: readonly Release[]): Plan['methods'] =>
  releases.flatMap(({ name: plugin, manifest }) =>
    (manifest.contributes['payment.methods'] ?? [])
      .map(({ name, title, run, checkout, account }) => ({
        plugin,
        name,
        title,
        file: run,
        ...(checkout === undefined ? {} : { checkout }),
        ...(account === undefined ? {} : { account }),
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  )

/** Providers of rates, or channels: plugins by name, each one's own as its manifest has them; providers are asked in this order. */
export const planEntries = (
  releases: readonly Release[],
  point: 'rates.providers' | 'notify.channels' | 'commands',
): readonly PlannedEntry[] =>
  releases.flatMap(({ name: plugin, manifest }) =>
    (manifest.contributes[point] ?? []).map(({ name, title, run }) => ({
      plugin,
      name,
      title,
      file: run,
    })),
  )

/** Hooks in the order they run: plugins by name, each one's own as its manifest has them. */
export const planHooks = (releases: readonly Release[]): Plan['hooks'] =>
  releases.flatMap(({ name: plugin, manifest }) =>
    (manifest.contributes['api.hooks'] ?? []).map(({ hook, run }) => ({
      plugin,
      hook,
      file: run,
    })),
  )

/** Hooks that core does not have. */
export const hookProblems = (releases: readonly Release[]): readonly Problem[] =>
  releases.flatMap((release) =>
    (release.manifest.contributes['api.hooks'] ?? []).flatMap(({ hook }, at) =>
      coreHookNames.some((each) => each === hook)
        ? []
        : [
            unknownHook(
              release,
              hook,
              ['contributes', 'api.hooks', at, 'hook'],
              nearest(hook, coreHookNames),
            ),
          ],
    ),
  )

const named = {
  'worker.jobs': 'jobs',
  'payment.methods': 'payment methods',
  'rates.providers': 'providers of rates',
  'notify.channels': 'channels',
  commands: 'commands',
  templates: 'templates',
} as const

/** Jobs, payment methods, providers of rates, channels, commands and templates of one plugin that bear the same name. */
export const nameProblems = (releases: readonly Release[]): readonly Problem[] =>
  releases.flatMap((release) =>
    (Object.keys(named) as (keyof typeof named)[]).flatMap((point) => {
      const entries = (release.manifest.contributes[point] ?? []).map(({ name }, at) => ({
        name,
        at,
      }))
      return groups(entries, ({ name }) => name).map((same) =>
        sameName(
          release,
          named[point],
          same[0].name,
          same.map(({ at }) => rowOf(release, 'contributes', point, at)),
        ),
      )
    }),
  )
