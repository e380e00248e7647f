import { createHash } from 'node:crypto'
import { coreReferences } from '@bitcartcc/domain/core-migrations'
import type { MigrationOwner, MigrationPlan, MigrationStep } from '@bitcartcc/domain/migration-plan'
import { schemaOf } from '@bitcartcc/sdk/manifest'
import type { Problem } from '@bitcartcc/sdk/problem'
import { roomFolder } from '../house.ts'
import { readMigrations, readSample, type MigrationFile } from '../read/migrations.ts'
import type { Lock, Locked } from '../model/lock.ts'
import type { IgnoredRule, SampleRows } from '../model/plan.ts'
import type { Release } from '../model/release.ts'
import type { Selection } from '../model/selection.ts'
import { dependencyOrder } from './dependency-order.ts'
import { isWeaker, phaseOf, type Phase } from './phase.ts'
import { examineNew, type ReadFile } from './new-migrations.ts'
import { planRemovals } from './removals.ts'
import { sampleOf, type Sampled } from './sample-rows.ts'
import { lint, type References } from './sql-lint.ts'
import {
  badHeader,
  badMigrationName,
  dependencyCircle,
  forbiddenStatement,
  notSql,
  strongerPhase,
  type SqlPlace,
} from './sql-problems.ts'
import { statementsOf, type Statement } from './statements.ts'

/** Reads the SQL of core and of every plugin, and puts it in the order it runs: core first, then plugins as they need each other. */
export async function planMigrations(
  selection: Selection,
  {
    plugins,
    lock,
    previous,
  }: Pick<Locked, 'plugins' | 'previous'> & { readonly lock: Pick<Lock, 'core'> },
): Promise<{
  readonly migrations: MigrationPlan
  readonly samples: readonly SampleRows[]
  readonly ignored: readonly IgnoredRule[]
  readonly problems: readonly Problem[]
}> {
  const releases = plugins.map(({ release }) => release)
  const order = dependencyOrder(releases)
  const problems: Problem[] = order.circle.length > 0 ? [dependencyCircle(order.circle)] : []
  const owners: readonly MigrationOwner[] = [
    { plugin: 'core', schema: 'core', references: coreReferences },
    ...order.releases.filter(hasMigrations).map(ownerOf),
  ]
  const steps: MigrationStep[] = []
  const samples: SampleRows[] = []
  const ignored: IgnoredRule[] = []
  const sampleIn = async (folder: string, below: string, sampled: Sampled) => {
    const file = readSample(folder, below)
    if (!file) return
    const { rows, problems: found } = await sampleOf(file, sampled)
    samples.push(rows)
    problems.push(...found)
  }
  for (const file of readMigrations('core', roomFolder('domain'), 'migrations'))
    steps.push((await stepOf(file, `core ${lock.core.version}`, lock.core.version, undefined)).step)
  await sampleIn(roomFolder('domain'), 'migrations', {
    plugin: 'core',
    schema: 'core',
    owner: `core ${lock.core.version}`,
    references: undefined,
  })
  for (const release of order.releases) {
    const folder = release.manifest.contributes.migrations
    if (folder === undefined) continue
    const owner = `${release.name} ${release.version}`
    const references = referencesFor(release, owners)
    const files: ReadFile[] = []
    for (const file of readMigrations(release.name, release.folder, folder)) {
      if (!/^\d{4}_[a-z0-9_]+$/.test(file.id.split('/')[1] ?? ''))
        problems.push(badMigrationName(owner, file.file))
      const { step, read, problems: found } = await stepOf(file, owner, release.version, references)
      steps.push(step)
      problems.push(...found)
      files.push(read)
    }
    const added = addedTo(previous, release.name, files)
    problems.push(...added.problems)
    ignored.push(...added.ignored)
    const sampled = { plugin: release.name, schema: schemaOf(release.name), owner, references }
    await sampleIn(release.folder, folder, sampled)
  }
  const { removed, problems: ofRemoved } = planRemovals(selection, releases)
  problems.push(...ofRemoved)
  const digest = `sha256-${createHash('sha256')
    .update(JSON.stringify([steps, owners, ...(removed.length > 0 ? [removed] : [])]))
    .digest('base64')}`
  return {
    migrations: { format: 1, digest, steps, owners, ...(removed.length > 0 ? { removed } : {}) },
    samples,
    ignored,
    problems,
  }
}

/** What came before it was run by shops, and what comes with a plugin that is new meets no row: only an update can do harm. */
function addedTo(previous: Lock | undefined, plugin: string, files: readonly ReadFile[]) {
  const isUpdate = Object.keys(previous?.migrations ?? {}).some((id) => id.startsWith(`${plugin}/`))
  return examineNew(
    isUpdate ? files.filter(({ id }) => !Object.hasOwn(previous?.migrations ?? {}, id)) : [],
  )
}

const hasMigrations = ({ manifest }: Release) => manifest.contributes.migrations !== undefined

const ownerOf = ({ name, manifest }: Release): MigrationOwner => ({
  plugin: name,
  schema: schemaOf(name),
  references: Object.entries(manifest.references ?? {})
    .flatMap(([table, columns]) => columns.map((column) => `${table}(${column})`))
    .toSorted(),
})

/** A foreign key may point at what core and the plugins that are asked for by name list under `references`. */
function referencesFor({ manifest }: Release, owners: readonly MigrationOwner[]): References {
  const asked = new Set(['core', ...Object.keys(manifest.requires.plugins ?? {})])
  return new Map(
    owners
      .filter(({ plugin }) => asked.has(plugin))
      .map(({ schema, references }) => [schema, references]),
  )
}

async function stepOf(
  file: MigrationFile,
  owner: string,
  release: string,
  references: References | undefined,
): Promise<{
  readonly step: MigrationStep
  readonly read: ReadFile
  readonly problems: readonly Problem[]
}> {
  const lines = file.text.split('\n')
  const placeOf = (line: number): SqlPlace => ({
    owner,
    place: `${file.file}:${line}`,
    text: lines[line - 1]?.trim() || '(an empty line)',
  })
  const { header, problems } = headerOf(lines, placeOf)
  const transaction = header.get('tx') !== 'none'
  const parsed = await statementsOf(file.text)
  const statements: readonly Statement[] = 'error' in parsed ? [] : parsed.statements
  if ('error' in parsed) problems.push(notSql(placeOf(parsed.line), parsed.error))
  if (references)
    for (const { tree, line } of statements)
      problems.push(...lint(tree, placeOf(line), file.plugin, transaction, references))
  const second = statements[1]
  if (!transaction && second)
    problems.push(
      forbiddenStatement(
        placeOf(second.line),
        'a second one outside a transaction',
        'Put it into a file of its own.',
      ),
    )
  const { phase, by } = phaseOf(statements)
  const [, told, reason] =
    /^(expand|migrate|contract)(?:, because (.+))?$/.exec(header.get('tag') ?? '') ?? []
  if (told !== undefined && reason === undefined && by && isWeaker(told as Phase, phase))
    // one of the three
    problems.push(strongerPhase(placeOf(by.line), told, phase))
  return {
    step: {
      plugin: file.plugin,
      id: file.id,
      release,
      checksum: file.checksum,
      tag: told === undefined ? phase : (told as Phase), // one of the three
      transaction,
      statements: statements.map(({ sql, line }) => ({ sql, line })),
    },
    read: { id: file.id, lines, statements, placeOf, isContract: told === 'contract' },
    problems,
  }
}

const takes: Readonly<Record<string, readonly string[] | undefined>> = {
  tag: ['expand', 'migrate', 'contract'],
  tx: ['none'],
}
const plain = (value: string) => value.trim().replace(/, because .+$/, '')
const notYet = new Set(['after', 'before', 'probe', 'replaces', 'repeat'])

/** Lines `-- key: value` before the first statement. */
function headerOf(
  lines: readonly string[],
  placeOf: (line: number) => SqlPlace,
): { readonly header: ReadonlyMap<string, string>; readonly problems: Problem[] } {
  const header = new Map<string, string>()
  const problems: Problem[] = []
  for (const [at, line] of lines.entries()) {
    if (line.trim() !== '' && !line.startsWith('--')) break
    const [, key = '', value = ''] = line.match(/^-- ([a-z]+): (.*)$/) ?? []
    const choices = takes[key]
    if (notYet.has(key) || (choices && !choices.includes(plain(value))))
      problems.push(
        badHeader(
          placeOf(at + 1),
          choices ? choices.map((each) => `-- ${key}: ${each}`).join('   or   ') : '-- tag: expand',
        ),
      )
    else if (choices) header.set(key, value.trim())
  }
  return { header, problems }
}
