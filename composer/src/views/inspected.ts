import type { Manifest } from '@bitcartcc/sdk/manifest'

/** What can be said about a plugin without running it. */
export interface Inspected {
  readonly name: string
  readonly version: string
  readonly title: string
  readonly description: string
  readonly author: string
  readonly license: string
  readonly requires: Readonly<Record<string, string>>
  /** Extension point → what is added there, a line each. */
  readonly contributes: Readonly<Record<string, readonly string[]>>
  /** Rights of core or of other plugins that its pages ask for. */
  readonly asksFor: readonly string[]
  readonly permissions: Readonly<Record<string, string>>
  readonly settings: Readonly<Record<string, string>>
  /** What its code and its fragment can reach, read off their text. */
  readonly capabilities: readonly string[]
  readonly npm: Readonly<Record<string, string>>
  readonly weighs: {
    readonly files: number
    readonly bytes: number
    /** First folder → bytes. */
    readonly below: Readonly<Record<string, number>>
  }
  readonly tree: string
  readonly integrity: string | null
  /** Archives are not signed yet. */
  readonly signature: null
}

interface Read {
  readonly manifest: Manifest
  readonly integrity: string | undefined
  readonly tree: string
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly capabilities: readonly string[]
}

/** Reads it all off the manifest and the list of files; sorted. */
export function inspected({ manifest, integrity, tree, files, capabilities }: Read): Inspected {
  const { name, version, title, description, author, license, requires } = manifest
  const { plugins = {}, optional = {}, conflicts = {}, ...platform } = requires
  const prefixed = (word: string, table: Readonly<Record<string, string>>) =>
    Object.entries(table).map(([key, range]) => [`${word}${key}`, range] as const)
  const own = Object.keys(manifest.permissions ?? {})
  const { contributes } = manifest
  const asked = [...(contributes['admin.pages'] ?? []), ...(contributes['admin.slots'] ?? [])]
    .flatMap(({ permission }) => (permission === undefined ? [] : [permission]))
    .filter((each) => !own.includes(each))
  return {
    name,
    version,
    title,
    description,
    author,
    license,
    requires: sorted([
      ...Object.entries(platform),
      ...prefixed('', plugins),
      ...prefixed('optional ', optional),
      ...prefixed('conflicts with ', conflicts),
    ]),
    contributes: sorted(
      Object.entries(contributes).map(([point, value]) => [point, contributionLines(value)]),
    ),
    asksFor: [...new Set(asked)].toSorted(),
    permissions: sorted(Object.entries(manifest.permissions ?? {})),
    settings: sorted(
      Object.entries(manifest.settings ?? {}).map(([key, each]) => [
        key,
        `${each.type}${(each.scope ?? 'global') === 'global' ? '' : `, of each ${each.scope}`}${each.secret ? ', secret' : ''}${each.required ? ', required' : ''}: ${each.title}`,
      ]),
    ),
    capabilities,
    npm: npmOf(files.get('package.json')),
    weighs: weight(files),
    tree,
    integrity: integrity ?? null,
    signature: null,
  }
}

function contributionLines(value: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value]
  return all.map((each) =>
    typeof each === 'string' || typeof each !== 'object' || each === null
      ? String(each)
      : Object.entries(each)
          .filter(([, inner]) => typeof inner !== 'object')
          .map(([key, inner]) => `${key} ${String(inner)}`)
          .join(', '),
  )
}

function npmOf(bytes: Uint8Array | undefined): Readonly<Record<string, string>> {
  if (!bytes) return {}
  try {
    const text = Buffer.from(bytes).toString('utf8')
    const { dependencies } = JSON.parse(text) as { dependencies?: unknown } // looked at below
    if (typeof dependencies !== 'object' || dependencies === null) return {}
    return sorted(Object.entries(dependencies).map(([name, range]) => [name, String(range)]))
  } catch {
    return {}
  }
}

function weight(files: ReadonlyMap<string, Uint8Array>): Inspected['weighs'] {
  const below = new Map<string, number>()
  for (const [path, { length }] of files) {
    const first = path.includes('/') ? `${path.split('/')[0] ?? ''}/` : path
    below.set(first, (below.get(first) ?? 0) + length)
  }
  const bytes = [...below.values()].reduce((sum, each) => sum + each, 0)
  return { files: files.size, bytes, below: sorted([...below]) }
}

const sorted = <T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> =>
  Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))

/** The same for a person: a block for each question. */
export function inspectedText(it: Inspected): string {
  const table = (rows: Readonly<Record<string, string>>) =>
    Object.entries(rows).map(([key, value]) => [key, value] as const)
  const blocks: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
    ['requires', table(it.requires)],
    [
      'contributes',
      Object.entries(it.contributes).flatMap(([point, lines]) =>
        lines.map((line, at) => [at === 0 ? point : '', line] as const),
      ),
    ],
    ['asks for', it.asksFor.map((each) => [each, ''] as const)],
    ['permissions', table(it.permissions)],
    ['settings', table(it.settings)],
    ['can reach', it.capabilities.map((each) => [each, ''] as const)],
    ['npm packages', table(it.npm)],
    [
      'weighs',
      [
        ...Object.entries(it.weighs.below).map(([path, bytes]) => [path, sizeText(bytes)] as const),
        [`${it.weighs.files} files`, sizeText(it.weighs.bytes)],
      ],
    ],
    [
      'is known by',
      [
        ['tree', it.tree],
        ...(it.integrity === null ? [] : [['integrity', it.integrity] as const]),
        ['signature', 'none'],
      ],
    ],
  ]
  const told = blocks
    .filter(([, rows]) => rows.length > 0)
    .map(([title, rows]) => block(title, rows))
  return visible(
    `${it.name} ${it.version}   ${it.title}\n${it.description}\nBy ${it.author}, ${it.license}. None of its code was run.\n\n${told.join('\n')}`,
  )
}

function block(title: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([key]) => key.length))
  return `  ${title}\n${rows.map(([key, value]) => `    ${key.padEnd(width)}   ${value}`.trimEnd()).join('\n')}\n`
}

/** Without what a plugin could write to move the cursor or to turn the text around. */
const visible = (text: string) => text.replaceAll(/[^\P{C}\n]/gu, ' ')

/** `612 B`, `3.1 kB`, `1.7 MB`. */
export const sizeText = (bytes: number): string =>
  bytes < 1000
    ? `${bytes} B`
    : bytes < 1_000_000
      ? `${(bytes / 1000).toFixed(1)} kB`
      : `${(bytes / 1_000_000).toFixed(1)} MB`
