import { coreReferences } from '@bitcartcc/domain/core-migrations'
import type { MigrationOwner } from '@bitcartcc/domain/migration-plan'
import { schemaOf } from '@bitcartcc/sdk/names'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { Release } from '../model/release.ts'
import { nearest } from '../read/nearest.ts'
import type { ReadFile } from './new-migrations.ts'
import type { Reachable } from './sql-lint.ts'

/** What of others a plugin's SQL may reach: of core and of the plugins it requires, what these publish. */
export function reachableFor({ manifest }: Release, releases: readonly Release[]): Reachable {
  const required = releases.filter(({ name }) =>
    Object.hasOwn(manifest.requires.plugins ?? {}, name),
  )
  return new Map([
    ['core', { keys: coreReferences, tables: [] }],
    ...required.map(
      (release) =>
        [schemaOf(release.name), { keys: keysOf(release), tables: tablesOf(release) }] as const,
    ),
  ])
}

export const ownerOf = (release: Release, releases: readonly Release[]): MigrationOwner => {
  const reads = [...reachableFor(release, releases)]
    .flatMap(([schema, { tables }]) => tables.map((table) => `${schema}.${table}`))
    .toSorted()
  return {
    plugin: release.name,
    schema: schemaOf(release.name),
    references: keysOf(release),
    ...(reads.length > 0 ? { reads } : {}),
  }
}

const tablesOf = ({ manifest }: Release): readonly string[] => manifest.publishes ?? []
const keysOf = ({ manifest }: Release): readonly string[] =>
  Object.entries(manifest.references ?? {})
    .flatMap(([table, columns]) => columns.map((column) => `${table}(${column})`))
    .toSorted()

/** What a manifest publishes and no migration makes. */
export function unmadeIn(release: Release, files: readonly ReadFile[]): readonly Problem[] {
  const { publishes = [], references = {} } = release.manifest
  const made = madeAtTheEnd(files)
  return [
    ...publishes.map((table, at) => ({ table, path: ['publishes', at] as const })),
    ...Object.keys(references).map((table) => ({ table, path: ['references', table] as const })),
  ].flatMap(({ table, path }) =>
    made.has(table) ? [] : [unmade(release, table, path, nearest(table, [...made]))],
  )
}

type Tree = Readonly<Record<string, unknown>>

/** Tables and views that are there once all files have run. */
function madeAtTheEnd(files: readonly ReadFile[]): ReadonlySet<string> {
  const made = new Set<string>()
  for (const { tree } of files.flatMap(({ statements }) => statements)) {
    const [[kind, body] = ['', {}]] = Object.entries(tree) as [string, Tree][] // a statement is one node
    if (kind === 'CreateStmt') made.add(nameIn(body['relation']))
    if (kind === 'ViewStmt') made.add(nameIn(body['view']))
    if (kind === 'CreateTableAsStmt') made.add(nameIn((body['into'] as Tree | undefined)?.['rel'])) // a node
    if (kind === 'RenameStmt' && /TABLE|VIEW/.test(String(body['renameType']))) {
      made.delete(nameIn(body['relation']))
      made.add(String(body['newname']))
    }
    if (kind === 'DropStmt' && /TABLE|VIEW/.test(String(body['removeType'])))
      for (const name of dropped(body['objects'])) made.delete(name)
  }
  return made
}

const nameIn = (relation: unknown) => (relation as { relname?: string } | undefined)?.relname ?? '' // a node
const dropped = (objects: unknown): readonly string[] =>
  (objects as readonly { List?: { items?: readonly { String?: { sval?: string } }[] } }[]).map(
    ({ List }) => List?.items?.at(-1)?.String?.sval ?? '',
  ) // of a DROP

const unmade = (
  release: Release,
  table: string,
  path: readonly (string | number)[],
  close: string | undefined,
): Problem => {
  const { file, line } = release.at(...path)
  return {
    code: 'plan/published-missing',
    says: `${release.name} ${release.version} publishes ${table}, and its migrations make no such table or view.`,
    facts: [[`${file}:${line}`, release.lineAt(...path)]],
    kept: 'No database was touched.',
    fix: [
      close === undefined
        ? `Take it out of   ${String(path[0])}   or make it in a migration.`
        : `Write   ${close}   in its place, or make it in a migration.`,
    ],
  }
}
