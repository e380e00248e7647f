import type { Lock, LockedEntry } from '../model/lock.ts'

/** The lock as it stands in its file: JSON, keys sorted, one fact a line. */
export function lockText(lock: Lock): string {
  return `${JSON.stringify(sorted(lock), null, 2)}\n`
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}

/** What changed from one lock to the next: a line a plugin, and below it, two spaces in, what comes with the change. */
export function lockChanges(previous: Lock | undefined, next: Lock): readonly string[] {
  if (!previous) return []
  const lines: string[] = []
  moved(lines, 'core', previous.core.version, next.core.version)
  if (previous.core.version === next.core.version && previous.core.tree !== next.core.tree)
    lines.push(`core ${next.core.version}: other files`)
  const ofCore = [
    ...listChanges('image ', previous.core.images, next.core.images),
    ...migrationChanges(previous, next, 'core'),
  ]
  if (lines.length === 0 && ofCore.length > 0) lines.push(`core ${next.core.version}`)
  lines.push(...ofCore)
  for (const name of both(previous.plugins, next.plugins)) {
    const [before, after] = [previous.plugins[name], next.plugins[name]]
    const details = [
      ...entryChanges(before, after),
      ...(after ? migrationChanges(previous, next, name) : []),
    ]
    const count = lines.length
    moved(lines, name, before?.version, after?.version)
    const isSame = before?.version === after?.version
    if (isSame && before?.tree !== after?.tree)
      lines.push(`${name} ${after?.version ?? ''}: other files`)
    if (lines.length === count && details.length > 0) lines.push(`${name} ${after?.version ?? ''}`)
    lines.push(...details)
  }
  for (const key of ['node', 'compose'] as const)
    moved(lines, key, previous.toolchain[key], next.toolchain[key])
  return lines
}

function moved(
  lines: string[],
  name: string,
  before: string | undefined,
  after: string | undefined,
) {
  if (before === after) return
  if (before === undefined) lines.push(`+ ${name} ${after ?? ''}`)
  else if (after === undefined) lines.push(`- ${name} ${before}`)
  else lines.push(`${name} ${before} → ${after}`)
}

/** What a plugin may do, and under which licence; a plugin that leaves takes it along without a word. */
function entryChanges(
  before: LockedEntry | undefined,
  after: LockedEntry | undefined,
): readonly string[] {
  if (!after) return []
  const isNew = before === undefined
  return [
    ...(isNew || before.source === after.source
      ? []
      : [`  from ${before.source} → ${after.source}`]),
    ...(isNew || before.license === undefined || before.license === after.license
      ? []
      : [`  licence ${before.license} → ${after.license ?? 'none'}`]),
    ...listChanges('permission ', before?.permissions, after.permissions),
    ...listChanges('can reach: ', before?.capabilities, after.capabilities),
  ]
}

const listChanges = (
  title: string,
  before: readonly string[] = [],
  after: readonly string[] = [],
): readonly string[] => [
  ...after.filter((each) => !before.includes(each)).map((each) => `  + ${title}${each}`),
  ...before.filter((each) => !after.includes(each)).map((each) => `  - ${title}${each}`),
]

const migrationChanges = (previous: Lock, next: Lock, plugin: string): readonly string[] =>
  Object.keys(next.migrations)
    .filter((id) => id.startsWith(`${plugin}/`) && !Object.hasOwn(previous.migrations, id))
    .toSorted()
    .map((id) => `  + migration ${id}`)

/** Plugin → what it can reach now and could not before; a plugin that is new is not named. */
export function newCapabilities(
  previous: Lock | undefined,
  next: Lock,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const [name, { capabilities = [] }] of Object.entries(next.plugins)) {
    const before = previous?.plugins[name]
    const fresh = capabilities.filter((each) => !before?.capabilities?.includes(each))
    if (before && fresh.length > 0) found.set(name, fresh)
  }
  return found
}

const both = (a: object, b: object) =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted()
