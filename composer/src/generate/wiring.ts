import { fullNameOf } from '@bitcartcc/sdk/names'
import type { Plan, PlannedEntry, PlannedFill, PlannedLocale, PlannedPage } from '../model/plan.ts'
import { identifierFor, unlike } from './identifiers.ts'
import { list, literal, type Module } from './module.ts'

const from = (folder: string, plugin: string, file: string) =>
  `${folder}plugins/${plugin}/${file.replace(/^\.\//, '')}`
const typeImport = (name: string) => ({
  isTypeOnly: true,
  moduleSpecifier: '@bitcartcc/sdk/wiring',
  namedImports: [name],
})

/** What core knows of the plugins without loading their code. */
export const pluginsModule = (plan: Plan): Module => ({
  imports: [typeImport('PluginFacts')],
  name: 'plugins',
  type: 'readonly PluginFacts[]',
  value: list(plan.facts.map((facts) => literal(facts))),
})

/** Routes of the API. */
export function apiModule(plan: Plan): Module {
  const routes = plan.routes.map((each) => ({
    ...each,
    name: `${identifierFor(each.plugin, each.file)}`,
  }))
  return {
    imports: [
      typeImport('ApiWiring'),
      ...routes.map(({ plugin, file, name }) => ({
        defaultImport: name,
        moduleSpecifier: from('../', plugin, file),
      })),
    ],
    name: 'api',
    type: 'ApiWiring',
    value: `{\n  routes: ${list(routes.map(({ plugin, name }) => `{ plugin: ${literal(plugin)}, routes: ${name} }`)).replaceAll('\n', '\n  ')},\n}`,
  }
}

/** Jobs and listeners of the worker. */
export function workerModule(plan: Plan): Module {
  const name = unlike()
  const jobs = plan.jobs.map((each) => ({
    ...each,
    as: name(identifierFor(each.plugin, each.file)),
  }))
  const listeners = plan.listeners.map((each) => ({
    ...each,
    as: name(identifierFor(each.plugin, each.file)),
  }))
  const jobRow = ({ plugin, as, every }: (typeof jobs)[number]) =>
    `{ plugin: ${literal(plugin)}, job: ${as}${every === undefined ? '' : `, every: ${literal(every)}`} }`
  return {
    imports: [
      typeImport('WorkerWiring'),
      ...[...jobs, ...listeners].map(({ plugin, file, as }) => ({
        defaultImport: as,
        moduleSpecifier: from('../', plugin, file),
      })),
    ],
    name: 'worker',
    type: 'WorkerWiring',
    value: `{\n  jobs: ${list(jobs.map(jobRow)).replaceAll('\n', '\n  ')},\n  listeners: ${list(listeners.map(({ plugin, as }) => `{ plugin: ${literal(plugin)}, listener: ${as} }`)).replaceAll('\n', '\n  ')},\n}`,
  }
}

/** Ways to pay. */
export const paymentsModule = (plan: Plan): Module =>
  namedModule(plan.methods, {
    name: 'payments',
    type: 'PaymentWiring',
    list: 'methods',
    each: 'method',
  })

/** Sources of rates. */
export const ratesModule = (plan: Plan): Module =>
  namedModule(plan.providers, {
    name: 'rates',
    type: 'RatesWiring',
    list: 'providers',
    each: 'provider',
  })

/** Ways to tell somebody something. */
export const notifyModule = (plan: Plan): Module =>
  namedModule(plan.channels, {
    name: 'notify',
    type: 'NotifyWiring',
    list: 'channels',
    each: 'channel',
  })

/** What an operator can run. */
export const commandsModule = (plan: Plan): Module =>
  namedModule(plan.commands, {
    name: 'commands',
    type: 'CommandsWiring',
    list: 'commands',
    each: 'command',
  })

/** What core's operations pass through. */
export function hooksModule(plan: Plan): Module {
  const name = unlike()
  const hooks = plan.hooks.map((each) => ({
    ...each,
    as: name(identifierFor(each.plugin, each.file)),
  }))
  return {
    imports: [
      typeImport('HooksWiring'),
      ...hooks.map(({ plugin, file, as }) => ({
        defaultImport: as,
        moduleSpecifier: from('../', plugin, file),
      })),
    ],
    name: 'hooks',
    type: 'HooksWiring',
    value: `{\n  hooks: ${list(hooks.map(({ plugin, as }) => `{ plugin: ${literal(plugin)}, hook: ${as} }`)).replaceAll('\n', '\n  ')},\n}`,
  }
}

/** One list of what has a name, a title and code. */
function namedModule(
  entries: readonly PlannedEntry[],
  called: {
    readonly name: string
    readonly type: string
    readonly list: string
    readonly each: string
  },
): Module {
  const as = unlike()
  const imported = entries.map((entry) => ({
    ...entry,
    as: as(identifierFor(entry.plugin, entry.file)),
  }))
  const row = ({ plugin, name, title, as: code }: (typeof imported)[number]) =>
    `{ plugin: ${literal(plugin)}, name: ${literal(name)}, title: ${literal(title)}, ${called.each}: ${code} }`
  return {
    imports: [
      typeImport(called.type),
      ...imported.map((entry) => ({
        defaultImport: entry.as,
        moduleSpecifier: from('../', entry.plugin, entry.file),
      })),
    ],
    name: called.name,
    type: called.type,
    value: `{\n  ${called.list}: ${list(imported.map(row)).replaceAll('\n', '\n  ')},\n}`,
  }
}

/** The components of payment methods that one app shows. */
const componentsOf = {
  admin: { list: 'accounts', part: 'account', make: 'methodAccount' },
  store: { list: 'checkouts', part: 'checkout', make: 'methodCheckout' },
} as const

/** Pages, fills, components of payment methods and texts of one app; each is loaded when it is shown. */
export function appModule(plan: Plan, app: 'admin' | 'store'): Module {
  const pages = plan.pages.filter((each) => each.app === app)
  const fills = plan.fills.filter((each) => each.app === app)
  const fill = `${app}Fill`
  const type = app === 'admin' ? 'AdminWiring' : 'StoreWiring'
  const { list: components, part, make } = componentsOf[app]
  const shown = plan.methods.flatMap(({ plugin, name, [part]: file }) =>
    file === undefined ? [] : [{ plugin, name, file }],
  )
  const values = [
    ...(fills.length > 0 ? [fill] : []),
    ...(shown.length > 0 ? [make] : []),
    ...(pages.length > 0 ? ['page'] : []),
  ]
  const load = (plugin: string, file: string) => `() => import('${from('../', plugin, file)}')`
  const pageRow = ({ plugin, path, title, icon, permission, file }: PlannedPage) =>
    `page(${literal({ plugin, path, title, icon, permission })}, ${load(plugin, file)})`
  const fillRow = ({ plugin, slot, mode, order, permission, file }: PlannedFill) =>
    `${fill}(${literal(slot)}, ${literal({ plugin, mode, order, permission })}, ${load(plugin, file)})`
  const componentRow = ({ plugin, name, file }: (typeof shown)[number]) =>
    `${make}(${literal(plugin)}, ${literal(fullNameOf(plugin, name))}, ${load(plugin, file)})`
  const locales = plan.locales.filter((each) => each.app === app)
  const localeRow = (locale: PlannedLocale) =>
    `{ language: ${literal(locale.language)}, owner: ${literal(locale.owner)}, load: () => import('../${localePath(locale)}') }`
  return {
    imports: [
      typeImport(type),
      ...(values.length > 0
        ? [{ moduleSpecifier: '@bitcartcc/sdk/wiring', namedImports: values }]
        : []),
    ],
    name: app,
    type,
    value: `{\n  pages: ${list(pages.map(pageRow)).replaceAll('\n', '\n  ')},\n  fills: ${list(fills.map(fillRow)).replaceAll('\n', '\n  ')},\n  ${components}: ${list(shown.map(componentRow)).replaceAll('\n', '\n  ')},\n  locales: ${list(locales.map(localeRow)).replaceAll('\n', '\n  ')},\n}`,
  }
}

/** Texts of an app in one language, a file for each owner: loaded where that language is shown. */
export const localeFiles = (plan: Plan): readonly (readonly [string, string])[] =>
  plan.locales.map(
    (each) => [localePath(each), `${JSON.stringify(each.texts, null, 2)}\n`] as const,
  )

const localePath = ({ app, language, owner }: PlannedLocale) =>
  `${app}/locales/${language}/${owner}.json`
