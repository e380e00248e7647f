import { methodName } from '@bitcartcc/sdk/manifest'
import type { Plan, PlannedFill, PlannedPage } from '../model/plan.ts'
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
export function paymentsModule(plan: Plan): Module {
  const as = unlike()
  const methods = plan.methods.map((each) => ({
    ...each,
    as: as(identifierFor(each.plugin, each.file)),
  }))
  const row = ({ plugin, name, title, as: method }: (typeof methods)[number]) =>
    `{ plugin: ${literal(plugin)}, name: ${literal(name)}, title: ${literal(title)}, method: ${method} }`
  return {
    imports: [
      typeImport('PaymentWiring'),
      ...methods.map((each) => ({
        defaultImport: each.as,
        moduleSpecifier: from('../', each.plugin, each.file),
      })),
    ],
    name: 'payments',
    type: 'PaymentWiring',
    value: `{\n  methods: ${list(methods.map(row)).replaceAll('\n', '\n  ')},\n}`,
  }
}

/** The components of payment methods that one app shows. */
const componentsOf = {
  admin: { list: 'accounts', part: 'account', make: 'methodAccount' },
  store: { list: 'checkouts', part: 'checkout', make: 'methodCheckout' },
} as const

/** Pages, fills and components of payment methods of one app; each component is loaded when it is shown. */
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
    `${make}(${literal(plugin)}, ${literal(methodName(plugin, name))}, ${load(plugin, file)})`
  return {
    imports: [
      typeImport(type),
      ...(values.length > 0
        ? [{ moduleSpecifier: '@bitcartcc/sdk/wiring', namedImports: values }]
        : []),
    ],
    name: app,
    type,
    value: `{\n  pages: ${list(pages.map(pageRow)).replaceAll('\n', '\n  ')},\n  fills: ${list(fills.map(fillRow)).replaceAll('\n', '\n  ')},\n  ${components}: ${list(shown.map(componentRow)).replaceAll('\n', '\n  ')},\n}`,
  }
}
