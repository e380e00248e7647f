import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { parse, stringify } from 'yaml'
import type { MigrationPlan } from '@bitcartcc/domain/migration-plan'
import { ownPlugins } from '../house.ts'
import type { Plan } from '../model/plan.ts'
import { planSelection } from '../pipeline.ts'

/** The distributions of `test/upgrades`, and what their plugins are made of. */
const world = resolve(import.meta.dirname, '../../../test/upgrades')

interface PluginFile {
  readonly references?: Readonly<Record<string, readonly string[]>>
  readonly publishes?: readonly string[]
  readonly needs?: Readonly<Record<string, string>>
  /** Oldest first; each has the migrations of those before it, and rows of its own. */
  readonly releases: Readonly<
    Record<
      string,
      { readonly migrations: Readonly<Record<string, string>>; readonly sample: string }
    >
  >
}
interface DistributionFile {
  /** The newest migration of core that is there; all of them where it is absent. */
  readonly core?: string
  readonly shipped?: 'first migration' | 'all migrations'
  readonly plugins: Readonly<Record<string, string>>
  readonly removed?: Readonly<Record<string, 'keep' | 'export' | 'drop'>>
}
export interface Version extends DistributionFile {
  /** From 1, as its name says. */
  readonly number: number
  readonly plan: MigrationPlan
  readonly samples: Plan['samples']
}

const files = read<readonly DistributionFile[]>('distributions.yaml')

/** Each older one with each newer one: `[1, 2]`. */
export const pairs = files.flatMap((_, older) =>
  files.slice(older + 1).map((__, at) => [older + 1, older + at + 2] as const),
)

/** Those of ours that have tables. */
export const shippedPlugins: readonly string[] = readdirSync(ownPlugins)
  .filter((name) => existsSync(join(ownPlugins, name, 'migrations')))
  .toSorted()

/** Plans all of them, oldest first, in an empty folder. */
export async function planDistributions(work: string): Promise<readonly Version[]> {
  const versions: Version[] = []
  for (const [at, file] of files.entries()) versions.push(await planned(work, file, at + 1))
  return versions
}

/** Plans a distribution as an update of the one before it: every rule for updates holds. */
async function planned(work: string, file: DistributionFile, number: number): Promise<Version> {
  const folder = join(work, `distribution-${number}`)
  const names = Object.entries(file.plugins).map(([name, release]) =>
    writeRelease(folder, name, release),
  )
  const ours = file.shipped === undefined ? [] : shippedPlugins
  for (const name of ours) writeShipped(folder, name, file.shipped === 'first migration')
  writeFileSync(
    join(folder, 'selection.yaml'),
    stringify({
      distribution: 'shop',
      core: '*',
      deployment: { images: 'tags' },
      plugins: Object.fromEntries(
        [...names, ...ours].map((name) => [name, { path: `./plugins/${name}` }]),
      ),
      ...(file.removed ? { removed: file.removed } : {}),
    }),
  )
  const before = join(work, `distribution-${number - 1}`, 'selection.lock')
  const { plan, lockText } = await planSelection(join(folder, 'selection.yaml'), {
    cwd: folder,
    cacheDir: join(work, 'cache'),
    ...(existsSync(before) ? { against: before } : {}),
  })
  writeFileSync(join(folder, 'selection.lock'), lockText)
  return { ...file, number, plan: upTo(plan.migrations, file.core), samples: plan.samples }
}

/** The plan as it was when this was the newest migration of core. */
function upTo(plan: MigrationPlan, newest: string | undefined): MigrationPlan {
  if (newest === undefined) return plan
  const steps = plan.steps
    .filter(({ plugin, id }) => plugin !== 'core' || id <= `core/${newest}`)
    .map((step) =>
      step.plugin === 'core' ? { ...step, release: `0.${newest.slice(3, 4)}.0` } : step,
    )
  return { ...plan, steps }
}

function writeRelease(folder: string, name: string, release: string): string {
  const { references, publishes, needs, releases } = read<PluginFile>(`${name}.yaml`)
  const to = join(folder, 'plugins', name)
  mkdirSync(join(to, 'migrations'), { recursive: true })
  for (const [version, { migrations, sample }] of Object.entries(releases)) {
    for (const [file, sql] of Object.entries(migrations))
      writeFileSync(join(to, 'migrations', `${file}.sql`), sql)
    writeFileSync(join(to, 'migrations/sample.sql'), sample)
    if (version === release) break
  }
  writeManifest(to, name, release, {
    requires: { bitcartcc: '*', ...(needs ? { plugins: needs } : {}) },
    ...(references ? { references } : {}),
    ...(publishes ? { publishes } : {}),
  })
  return name
}

function writeShipped(folder: string, name: string, isFirst: boolean): void {
  const [from, to] = [join(ownPlugins, name, 'migrations'), join(folder, 'plugins', name)]
  mkdirSync(join(to, 'migrations'), { recursive: true })
  for (const file of readdirSync(from))
    if (!isFirst || file.startsWith('0001') || file === 'sample.sql')
      copyFileSync(join(from, file), join(to, 'migrations', file))
  writeManifest(to, name, isFirst ? '0.1.0' : '1.0.0', { requires: { bitcartcc: '*' } })
}

function writeManifest(folder: string, name: string, version: string, more: object): void {
  const about = { title: name, description: `${name}.`, author: 'a test', license: 'MIT' }
  const contributes = { migrations: './migrations' }
  writeFileSync(
    join(folder, 'plugin.yaml'),
    stringify({ name, version, ...about, ...more, contributes }),
  )
}

function read<T>(file: string): T {
  return parse(readFileSync(join(world, file), 'utf8')) as T // our own files
}
