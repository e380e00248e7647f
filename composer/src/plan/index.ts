import { join } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import type { Locked } from '../model/lock.ts'
import type { Plan } from '../model/plan.ts'
import type { Selection } from '../model/selection.ts'
import { factsOf } from './facts.ts'
import { fileProblems } from './files.ts'
import { planMigrations } from './migrations.ts'
import { by, planFills, planPages } from './pages.ts'
import { eventProblems, permissionProblems } from './permissions.ts'
import { routeKeys } from './route-keys.ts'
import { planServices } from './services.ts'
import { planEnv, planSettings } from './settings.ts'

/**
 * Decides everything: contributions, slots, settings, permissions, migration order, merged services, as one printable value.
 *
 * Independent of the order of plugins. Refuses with every plan/… problem at once. Reads the plugins' files, writes nothing.
 */
export async function planDistribution(selection: Selection, locked: Locked): Promise<Plan> {
  const { plugins, lock } = locked
  const releases = plugins.map((each) => each.release)
  const { pages, problems: ofPages } = planPages(releases)
  const { fills, problems: ofFills } = planFills(releases)
  const { settings, problems: ofSettings } = planSettings(selection, releases)
  const { env, problems: ofEnv } = planEnv(releases, settings)
  const missing = plugins.flatMap(fileProblems)
  const { migrations, problems: ofMigrations } = await planMigrations(locked)
  const { services, compose, problems: ofServices } = await planServices(selection, locked)
  const problems = [
    ...missing,
    ...ofPages,
    ...ofFills,
    ...permissionProblems(releases),
    ...eventProblems(releases),
    ...ofSettings,
    ...ofEnv,
    ...ofMigrations,
    ...ofServices,
  ]
  if (problems.length > 0) throw new Refused(problems)
  const routes = await Promise.all(
    releases.flatMap((release) => {
      const file = release.manifest.contributes['api.routes']
      return file === undefined
        ? []
        : [
            routeKeys(join(release.folder, file)).then((keys) => ({
              plugin: release.name,
              file,
              keys: keys.map(({ key }) => key),
            })),
          ]
    }),
  )
  const each = <T>(read: (release: (typeof releases)[number]) => readonly T[]) =>
    releases.flatMap(read)
  return {
    name: selection.distribution.value,
    core: lock.core.version,
    plugins,
    facts: plugins.map(factsOf),
    routes,
    jobs: each((release) =>
      (release.manifest.contributes['worker.jobs'] ?? []).map(({ name, run, every }) => ({
        plugin: release.name,
        name,
        file: run,
        ...(every === undefined ? {} : { every }),
      })),
    ).toSorted(by((job) => [job.plugin, job.name])),
    listeners: each((release) =>
      (release.manifest.contributes['worker.events'] ?? []).map(({ event, run }) => ({
        plugin: release.name,
        event,
        file: run,
      })),
    ).toSorted(by((listener) => [listener.plugin, listener.event, listener.file])),
    pages,
    fills,
    migrations,
    services,
    compose,
    env,
    deployment: {
      host: selection.deployment.host.value,
      mode: selection.deployment.mode.value,
      database: selection.deployment.database.value,
      proxy: selection.deployment.proxy.value,
    },
    settings,
  }
}
