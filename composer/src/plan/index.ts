import { Refused } from '@bitcartcc/sdk/problem'
import type { Locked } from '../model/lock.ts'
import type { Plan } from '../model/plan.ts'
import type { Offered } from '../model/release.ts'
import type { Selection } from '../model/selection.ts'
import {
  hookProblems,
  nameProblems,
  planEntries,
  planHooks,
  planJobs,
  planMethods,
  planRoutes,
} from './contributions.ts'
import { envProblems, planEnv } from './env.ts'
import { eventProblems, planListeners } from './events.ts'
import { factsOf } from './facts.ts'
import { fileProblems } from './files.ts'
import { planLocales } from './locales.ts'
import { planMigrations } from './migrations.ts'
import { planFills, planPages } from './pages.ts'
import { permissionProblems } from './permissions.ts'
import { planServices } from './services.ts'
import { planSettings, settingProblems } from './settings.ts'
import { templateProblems } from './templates.ts'

/**
 * Decides everything about a distribution from manifests, SQL and fragments; refuses with all that does not fit. `offered`
 * are the releases there were to choose from.
 */
export async function planDistribution(
  selection: Selection,
  locked: Locked,
  offered: readonly Offered[],
): Promise<Plan> {
  const { plugins } = locked
  const releases = plugins.map(({ release }) => release)
  const [{ migrations, samples, ignored, ...sql }, routes] = await Promise.all([
    planMigrations(selection, locked, offered),
    planRoutes(releases),
  ])
  const { pages, ...ofPages } = planPages(releases)
  const { fills, ...ofFills } = planFills(releases)
  const { locales, notices, ...ofLocales } = planLocales(plugins)
  const env = planEnv(selection, releases)
  const { services, compose, privileges, ...ofServices } = planServices(selection, locked, env)
  const problems = [
    ...plugins.flatMap(fileProblems),
    ...plugins.flatMap(templateProblems),
    ...nameProblems(releases),
    ...ofPages.problems,
    ...ofFills.problems,
    ...ofLocales.problems,
    ...permissionProblems(releases),
    ...eventProblems(releases),
    ...hookProblems(releases),
    ...settingProblems(selection, releases),
    ...envProblems(releases),
    ...sql.problems,
    ...ofServices.problems,
  ]
  if (problems.length > 0) throw new Refused(problems)
  const { host, mode, database, proxy, platforms } = selection.deployment
  return {
    name: selection.distribution.value,
    core: locked.lock.core.version,
    plugins,
    facts: plugins.map(factsOf),
    routes,
    jobs: planJobs(releases),
    listeners: planListeners(releases),
    methods: planMethods(releases),
    providers: planEntries(releases, 'rates.providers'),
    channels: planEntries(releases, 'notify.channels'),
    commands: planEntries(releases, 'commands'),
    hooks: planHooks(releases),
    pages,
    fills,
    locales,
    notices,
    migrations,
    samples,
    ignored,
    services,
    compose,
    privileges,
    env,
    deployment: {
      host: host.value,
      mode: mode.value,
      database: database.value,
      proxy: proxy.value,
      ...(platforms.value.length === 0 ? {} : { platforms: [...platforms.value] }),
    },
    settings: planSettings(selection, releases),
  }
}
