import { fullNameOf, schemaOf } from '@bitcartcc/sdk/names'
import type { Lock } from '../model/lock.ts'
import type { Plan, PlannedEntry } from '../model/plan.ts'
import { counted } from './shown.ts'

type Row = readonly string[]
interface Section {
  readonly title: string
  readonly rows: readonly Row[]
}

/** What would be built, for a person to judge before it is: what each plugin adds, and where; `+`, `-` and `~` against the lock. */
export function planText(plan: Plan, previous?: Lock): string {
  const sections: readonly Section[] = [
    { title: 'plugins', rows: pluginRows(plan, previous) },
    { title: 'routes', rows: routeRows(plan) },
    { title: 'pages', rows: pageRows(plan) },
    { title: 'slots', rows: slotRows(plan) },
    { title: 'languages', rows: localeRows(plan) },
    { title: 'worker', rows: workerRows(plan) },
    { title: 'payments', rows: namedRows(plan, plan.methods) },
    { title: 'rates', rows: namedRows(plan, plan.providers) },
    { title: 'channels', rows: namedRows(plan, plan.channels) },
    { title: 'hooks', rows: hookRows(plan) },
    { title: 'commands', rows: commandRows(plan) },
    { title: 'permissions', rows: permissionRows(plan, previous) },
    { title: 'migrations', rows: migrationRows(plan, previous) },
    { title: 'removed', rows: removedRows(plan) },
    { title: 'services', rows: serviceRows(plan) },
    { title: 'privileges', rows: privilegeRows(plan) },
    { title: 'settings', rows: settingRows(plan) },
  ]
  return sections
    .filter(({ rows }) => rows.length > 0)
    .map(sectionText)
    .join('')
}

function sectionText({ title, rows }: Section): string {
  const widths: number[] = []
  for (const row of rows)
    for (const [at, cell] of row.slice(0, -1).entries())
      widths[at] = Math.max(widths[at] ?? 0, cell.length)
  return rows
    .map((row, at) => {
      const cells = row.map((cell, column) =>
        column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0),
      )
      return `  ${(at === 0 ? title : '').padEnd(13)}${cells.join('   ')}`.trimEnd() + '\n'
    })
    .join('')
}

/** `+` for what the lock before does not have, `~` for another version, else blanks; nothing where there was no lock. */
function mark(plan: Plan, plugin: string, previous: Lock | undefined): string {
  if (!previous) return ''
  const before = previous.plugins[plugin]
  if (!before) return '+ '
  return before.version === versionOf(plan, plugin) ? '  ' : '~ '
}

const versionOf = (plan: Plan, plugin: string) =>
  plan.facts.find(({ name }) => name === plugin)?.version ?? plan.core
const owner = (plan: Plan, plugin: string) => `${plugin} ${versionOf(plan, plugin)}`

function pluginRows(plan: Plan, previous: Lock | undefined): readonly Row[] {
  const gone = Object.entries(previous?.plugins ?? {}).filter(
    ([name]) => !plan.facts.some((each) => each.name === name),
  )
  return [
    ...plan.facts.map(({ name, version, title }) => {
      const before = previous?.plugins[name]?.version
      const moved = before !== undefined && before !== version ? `${before} → ${version}` : version
      return [`${mark(plan, name, previous)}${name}`, moved, title]
    }),
    ...gone.map(([name, { version }]) => [`- ${name}`, version, 'is no longer selected']),
  ]
}

const routeRows = (plan: Plan): readonly Row[] =>
  plan.routes.map(({ plugin, keys }) => [
    `/api/plugins/${plugin}`,
    counted(keys.length, 'route'),
    owner(plan, plugin),
  ])

const pageRows = (plan: Plan): readonly Row[] =>
  plan.pages.map(({ app, plugin, path, permission }) => [
    app,
    app === 'admin' ? `/admin/plugins/${plugin}${path}` : `/p/${plugin}${path}`,
    permission ?? (app === 'admin' ? 'everybody signed in' : 'everybody'),
    owner(plan, plugin),
  ])

function slotRows(plan: Plan): readonly Row[] {
  const bySlot = Map.groupBy(plan.fills, ({ app, slot }) => `${app} ${slot}`)
  return [...bySlot.values()].flatMap((fills) => {
    const [first] = fills
    if (!first) return []
    const names = fills.map(
      ({ plugin, file, mode }) =>
        `${plugin} ${componentOf(file)}${mode === 'append' ? '' : ` (${mode})`}`,
    )
    return [[first.app, first.slot, names.join(', ')]]
  })
}

function localeRows(plan: Plan): readonly Row[] {
  const together = Map.groupBy(plan.locales, ({ language, owner: of }) => `${language} ${of}`)
  return [...together.values()].flatMap((apps) => {
    const [first] = apps
    if (!first) return []
    const { size } = new Set(apps.flatMap(({ texts }) => Object.keys(texts)))
    const from = first.from.map((plugin) => owner(plan, plugin)).join(', ')
    return [[first.language, first.owner, counted(size, 'text'), from]]
  })
}

const componentOf = (file: string) => (file.split('/').at(-1) ?? file).replace(/\.vue$/, '')

const workerRows = (plan: Plan): readonly Row[] => [
  ...plan.jobs.map(({ plugin, name, every }) => [
    'job',
    `${plugin}.${name}`,
    every === undefined ? 'when asked' : `every ${every}`,
  ]),
  ...plan.listeners.map(({ plugin, event }) => ['event', event, plugin]),
]

const namedRows = (plan: Plan, entries: readonly PlannedEntry[]): readonly Row[] =>
  entries.map(({ plugin, name, title }) => [fullNameOf(plugin, name), title, owner(plan, plugin)])

const hookRows = (plan: Plan): readonly Row[] =>
  plan.hooks.map(({ plugin, hook }) => [hook, owner(plan, plugin)])

const commandRows = (plan: Plan): readonly Row[] =>
  plan.commands.map(({ plugin, name, title }) => [`run ${plugin}:${name}`, title])

const permissionRows = (plan: Plan, previous: Lock | undefined): readonly Row[] =>
  plan.facts.flatMap((each) =>
    Object.entries(each.permissions).map(([name, title]) => [
      `${mark(plan, each.name, previous)}${name}`,
      title,
    ]),
  )

function migrationRows(plan: Plan, previous: Lock | undefined): readonly Row[] {
  const { steps } = plan.migrations
  const fresh = steps.filter(({ id }) => previous && !(id in previous.migrations))
  const count = previous ? `${fresh.length} new of ${steps.length}` : counted(steps.length, 'step')
  const shown = previous ? fresh : steps.filter(({ plugin }) => plugin !== 'core')
  return [
    [count],
    ...shown.map(({ id, plugin, tag, after }) => [
      `${previous ? '+ ' : ''}${id}`,
      tag,
      plugin === 'core' ? 'in core' : `in ${schemaOf(plugin)}`,
      ...(after ? [`after ${after.join(', ')}`] : []),
    ]),
    ...plan.ignored.map(({ owner: by, place, rule, why }) => [
      `sets aside ${rule}`,
      `${by} ${place}`,
      why,
    ]),
  ]
}

const becomes = {
  keep: 'what it stored stays where it is',
  export: 'what it stored is written to DATA_DIR/exports, and dropped',
  drop: 'what it stored is dropped',
} as const

const removedRows = (plan: Plan): readonly Row[] =>
  (plan.migrations.removed ?? []).map(({ plugin, how }) => [
    plugin,
    `${how}: ${becomes[how]}`,
    `in ${schemaOf(plugin)}`,
  ])

function serviceRows(plan: Plan): readonly Row[] {
  const services = Object.entries(plan.compose.document['services'] ?? {}) as [
    string,
    { image?: string },
  ][] // made by the plan
  if (services.length === 0) return []
  const byName = new Map(plan.services.map((each) => [each.name, each]))
  return [
    [String(services.length)],
    ...services.map(([name, { image }]) => {
      const own = byName.get(name)
      return [
        name,
        image ?? '',
        own
          ? `${owner(plan, own.plugin)}${own.path === undefined ? '' : `, at ${own.path}`}`
          : 'core',
      ]
    }),
  ]
}

const privilegeRows = (plan: Plan): readonly Row[] =>
  plan.privileges.flatMap(({ plugin, names }) => names.map((name) => [name, owner(plan, plugin)]))

function settingRows(plan: Plan): readonly Row[] {
  const given = Object.entries(plan.settings).flatMap(([plugin, values]) =>
    Object.entries(values).map(([key, value]) => [`${plugin}.${key}`, String(value)]),
  )
  const open = plan.env.filter((each) => each.required && each.default === undefined)
  const asked =
    open.length === 0
      ? []
      : [[`${open.length} to fill in .env: ${open.map(({ name }) => name).join(', ')}`]]
  return [...asked, ...given]
}
