import type { Lock, LockedEntry } from '../model/lock.ts'

/** What is another in one lock than in the one before, of core, of one plugin or of one tool. */
export interface LockChange {
  readonly of: 'core' | 'plugin' | 'toolchain'
  readonly name: string
  /** Its versions; null where it is in one of the locks only. */
  readonly from: string | null
  readonly to: string | null
  /** The version is the same, and its files are not. */
  readonly hasOtherFiles: boolean
  /** Null where it is as it was; of a plugin that is new, `from` is null. */
  readonly source: Moved | null
  readonly license: Moved | null
  readonly images: AddedAndRemoved
  readonly permissions: AddedAndRemoved
  /** What its code and services can reach; see `capabilitiesOf`. */
  readonly capabilities: AddedAndRemoved
  /** Those that are new, sorted. */
  readonly migrations: readonly { readonly id: string }[]
}
export interface Moved {
  readonly from: string | null
  readonly to: string | null
}
export interface AddedAndRemoved {
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/** Gives what changed from one lock to the next: core first, plugins by name, then the tools; nothing where there was none. */
export function lockChanges(previous: Lock | undefined, next: Lock): readonly LockChange[] {
  if (!previous) return []
  return [
    coreChange(previous, next),
    ...both(previous.plugins, next.plugins).map((name) => pluginChange(previous, next, name)),
    ...(['node', 'compose'] as const).map((name) => ({
      of: 'toolchain' as const,
      name,
      from: previous.toolchain[name],
      to: next.toolchain[name],
      ...asItWas,
    })),
  ].filter((change) => headLine(change) !== '')
}

/** A line for each change, and below it, two spaces in, what comes with it. */
export const changeLines = (changes: readonly LockChange[]): readonly string[] =>
  changes.flatMap((change) => [headLine(change), ...detailLines(change)])

const nothing: AddedAndRemoved = { added: [], removed: [] }
const asItWas = {
  hasOtherFiles: false,
  source: null,
  license: null,
  images: nothing,
  permissions: nothing,
  capabilities: nothing,
  migrations: [],
}

const coreChange = (previous: Lock, next: Lock): LockChange => ({
  of: 'core',
  name: 'core',
  from: previous.core.version,
  to: next.core.version,
  ...asItWas,
  hasOtherFiles: isChangedInPlace(previous.core, next.core),
  images: listChanges(previous.core.images, next.core.images),
  migrations: newMigrations(previous, next, 'core'),
})

/** A plugin that leaves takes what it had along without a word. */
function pluginChange(previous: Lock, next: Lock, name: string): LockChange {
  const [before, after] = [previous.plugins[name], next.plugins[name]]
  const head = {
    of: 'plugin' as const,
    name,
    from: before?.version ?? null,
    to: after?.version ?? null,
  }
  if (!after) return { ...head, ...asItWas }
  return {
    ...head,
    ...asItWas,
    hasOtherFiles: before !== undefined && isChangedInPlace(before, after),
    source: moved(before?.source, after.source),
    license: moved(before?.license, after.license),
    permissions: listChanges(before?.permissions, after.permissions),
    capabilities: listChanges(before?.capabilities, after.capabilities),
    migrations: newMigrations(previous, next, name),
  }
}

type Files = Pick<LockedEntry, 'version' | 'tree'>
const isChangedInPlace = (before: Files, after: Files) =>
  before.version === after.version && before.tree !== after.tree

const moved = (from: string | undefined, to: string | undefined): Moved | null =>
  from === to ? null : { from: from ?? null, to: to ?? null }

const listChanges = (
  before: readonly string[] = [],
  after: readonly string[] = [],
): AddedAndRemoved => ({
  added: after.filter((each) => !before.includes(each)),
  removed: before.filter((each) => !after.includes(each)),
})

const newMigrations = (previous: Lock, next: Lock, plugin: string): LockChange['migrations'] =>
  Object.keys(next.migrations)
    .filter((id) => id.startsWith(`${plugin}/`) && !Object.hasOwn(previous.migrations, id))
    .toSorted()
    .map((id) => ({ id }))

const both = (a: object, b: object) =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted()

/** `loyalty 2.0.3 → 2.1.0`; empty where nothing changed. */
function headLine(change: LockChange): string {
  const { name, from, to, hasOtherFiles } = change
  if (from === null) return `+ ${name} ${to ?? ''}`
  if (to === null) return `- ${name} ${from}`
  if (from !== to) return `${name} ${from} → ${to}`
  if (hasOtherFiles) return `${name} ${to}: other files`
  return detailLines(change).length > 0 ? `${name} ${to}` : ''
}

const detailLines = (change: LockChange): readonly string[] => [
  ...movedLine('from', change.source),
  ...movedLine('licence', change.license),
  ...listLines('image ', change.images),
  ...listLines('permission ', change.permissions),
  ...listLines('can reach: ', change.capabilities),
  ...change.migrations.map(({ id }) => `  + migration ${id}`),
]

const movedLine = (title: string, change: Moved | null): readonly string[] =>
  change === null || change.from === null
    ? []
    : [`  ${title} ${change.from} → ${change.to ?? 'none'}`]

const listLines = (title: string, { added, removed }: AddedAndRemoved): readonly string[] => [
  ...added.map((each) => `  + ${title}${each}`),
  ...removed.map((each) => `  - ${title}${each}`),
]
