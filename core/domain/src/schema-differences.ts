import type { SchemaObject } from './migration-plan.ts'

/** One thing of a database that is not as the plan has it. */
export interface Difference {
  /** `core.users.email`, or the id of a migration. */
  readonly where: string
  /** What is so. */
  readonly what: string
  /** What to do about it: SQL, or a sentence. */
  readonly mend: string
}

/**
 * Compares the schema of a database with the one the build rehearsed; a line for each thing that differs, sorted.
 *
 * Of a table that is missing or unknown its columns, indexes and constraints are not told as well.
 */
export function schemaDifferences(
  expected: readonly SchemaObject[],
  live: readonly SchemaObject[],
): readonly Difference[] {
  const [wanted, found] = [byKey(expected), byKey(live)]
  const isWhole = ({ kind }: SchemaObject) => !isPart(kind)
  const lost = new Set(
    expected.filter((each) => isWhole(each) && !found.has(keyOf(each))).map(tableOf),
  )
  const unknown = new Set(
    live.filter((each) => isWhole(each) && !wanted.has(keyOf(each))).map(tableOf),
  )
  const differences = [
    ...expected.flatMap((each) => {
      const now = found.get(keyOf(each))
      if (now) return now.definition === each.definition ? [] : [changed(each, now)]
      return isPart(each.kind) && lost.has(tableOf(each)) ? [] : [missing(each)]
    }),
    ...live.flatMap((each) =>
      wanted.has(keyOf(each)) || (isPart(each.kind) && unknown.has(tableOf(each)))
        ? []
        : [added(each)],
    ),
  ]
  return differences.toSorted((a, b) => (a.where < b.where ? -1 : 1))
}

const isPart = (kind: SchemaObject['kind']) =>
  kind === 'column' || kind === 'index' || kind === 'constraint'
const keyOf = ({ kind, schema, table, name }: SchemaObject) =>
  [kind, schema, table, name].join('\0')
const byKey = (objects: readonly SchemaObject[]) =>
  new Map(objects.map((each) => [keyOf(each), each]))
const tableOf = ({ schema, table }: SchemaObject) => `${schema}.${table}`
const whereOf = (each: SchemaObject) =>
  each.name === '' ? tableOf(each) : `${tableOf(each)}.${each.name}`
const wordOf = ({ kind, definition }: SchemaObject) => (kind === 'table' ? definition : kind)

function missing(each: SchemaObject): Difference {
  const table = quotedTable(each)
  const mends: Readonly<Record<SchemaObject['kind'], string>> = {
    table: `restore it from a backup; its migrations are under migrations/${folderOf(each)}/`,
    type: `create type ${table} as ${each.definition};`,
    sequence: `create sequence ${table};`,
    column: `alter table ${table} add column ${quoted(each.name)} ${each.definition};`,
    index: `${each.definition};`,
    constraint: `alter table ${table} add constraint ${quoted(each.name)} ${each.definition};`,
  }
  return { where: whereOf(each), what: `the ${wordOf(each)} is missing`, mend: mends[each.kind] }
}

function added(each: SchemaObject): Difference {
  return {
    where: whereOf(each),
    what: `the ${wordOf(each)} is none of this distribution`,
    mend: dropOf(each),
  }
}

function dropOf(each: SchemaObject): string {
  const table = quotedTable(each)
  if (each.kind === 'column' || each.kind === 'constraint')
    return `alter table ${table} drop ${each.kind} ${quoted(each.name)};`
  if (each.kind === 'index') return `drop index ${quoted(each.schema)}.${quoted(each.name)};`
  return `drop ${wordOf(each)} ${table};`
}

function changed(wanted: SchemaObject, now: SchemaObject): Difference {
  const what = `the ${wordOf(wanted)} is   ${now.definition}   and not   ${wanted.definition}`
  return { where: whereOf(wanted), what, mend: changeOf(wanted, now) }
}

function changeOf(wanted: SchemaObject, now: SchemaObject): string {
  const table = quotedTable(wanted)
  switch (wanted.kind) {
    case 'column':
      return columnChanges(wanted, now)
        .map((change) => `alter table ${table} alter column ${quoted(wanted.name)} ${change};`)
        .join(' ')
    case 'constraint':
      return now.definition === `${wanted.definition} NOT VALID`
        ? `alter table ${table} validate constraint ${quoted(wanted.name)};`
        : `${dropOf(now)} ${missing(wanted).mend}`
    case 'index':
      return now.definition === `${wanted.definition} (not valid)`
        ? `reindex index ${quoted(wanted.schema)}.${quoted(wanted.name)};`
        : `${dropOf(now)} ${wanted.definition};`
    case 'table':
    case 'type':
    case 'sequence':
      return `restore it from a backup; its migrations are under migrations/${folderOf(wanted)}/`
  }
}

function columnChanges(wanted: SchemaObject, now: SchemaObject): readonly string[] {
  const filled = wanted.filled ?? ''
  const isIdentity = (text: string | undefined) => text?.endsWith('as identity') === true
  const fill = isIdentity(filled)
    ? `add ${filled}`
    : filled === ''
      ? isIdentity(now.filled)
        ? 'drop identity'
        : 'drop default'
      : `set ${filled}`
  return [
    ...(wanted.type === now.type ? [] : [`type ${wanted.type ?? ''}`]),
    ...(wanted.required === now.required
      ? []
      : [wanted.required ? 'set not null' : 'drop not null']),
    ...(wanted.filled === now.filled ? [] : [fill]),
  ]
}

const folderOf = ({ schema }: SchemaObject) =>
  schema.startsWith('core') ? 'core' : schema.replace(/^p_/, '').replaceAll('_', '-')
/** Quoted only where PostgreSQL needs it: these lines are read by people. */
const quoted = (name: string) =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
const quotedTable = ({ schema, table }: SchemaObject) => `${quoted(schema)}.${quoted(table)}`
