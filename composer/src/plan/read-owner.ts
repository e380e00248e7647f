import type { MigrationStep } from '@bitcartcc/domain/migration-plan'
import { schemaOf } from '@bitcartcc/sdk/names'
import type { Problem } from '@bitcartcc/sdk/problem'
import { roomFolder } from '../house.ts'
import { readMigrations, readSample } from '../read/migrations.ts'
import type { SampleRows } from '../model/plan.ts'
import type { Release } from '../model/release.ts'
import { isMigrationName, readStep } from './migration-step.ts'
import type { ReadFile } from './new-migrations.ts'
import { sampleOf } from './sample-rows.ts'
import type { Reachable } from './sql-lint.ts'
import { badMigrationName } from './sql-problems.ts'
import type { Told } from './told.ts'

/** The SQL of core or of one plugin, as it was read. */
export interface ReadOwner {
  readonly plugin: string
  /** `ratings 1.0.0` */
  readonly owner: string
  /** By number. */
  readonly steps: readonly MigrationStep[]
  readonly files: readonly ReadFile[]
  readonly told: readonly Told[]
  readonly problems: readonly Problem[]
  readonly sample: { readonly rows: SampleRows; readonly problems: readonly Problem[] } | undefined
}

/** Core's own. A test holds its migrations to the rules: nobody who builds could mend them. */
export async function readCore(version: string): Promise<ReadOwner> {
  const from = { plugin: 'core', version, folder: roomFolder('domain'), below: 'migrations' }
  const read = await readFiles(from, new Map())
  const sample = await sampleIn(from, 'core', undefined)
  return { ...read, told: [], problems: [], sample }
}

/** Undefined for a plugin without migrations. */
export async function readPlugin(
  release: Release,
  reachable: Reachable,
): Promise<ReadOwner | undefined> {
  const { name, version, folder } = release
  const below = release.manifest.contributes.migrations
  if (below === undefined) return undefined
  const from = { plugin: name, version, folder, below }
  const read = await readFiles(from, reachable)
  return { ...read, sample: await sampleIn(from, schemaOf(name), reachable) }
}

interface From {
  readonly plugin: string
  readonly version: string
  readonly folder: string
  readonly below: string
}

async function readFiles(
  { plugin, version, folder, below }: From,
  reachable: Reachable,
): Promise<Omit<ReadOwner, 'sample'>> {
  const owner = `${plugin} ${version}`
  const steps: MigrationStep[] = []
  const files: ReadFile[] = []
  const told: Told[] = []
  const problems: Problem[] = []
  for (const file of readMigrations(plugin, folder, below)) {
    if (!isMigrationName(file.id)) {
      problems.push(badMigrationName(owner, file.file))
      continue
    }
    const read = await readStep(file, owner, version, reachable)
    steps.push(read.step)
    files.push(read.read)
    told.push(...read.told)
    problems.push(...read.problems)
  }
  return { plugin, owner, steps, files, told, problems }
}

async function sampleIn(
  { plugin, version, folder, below }: From,
  schema: string,
  reachable: Reachable | undefined,
): Promise<ReadOwner['sample']> {
  const file = readSample(folder, below)
  return (
    file && (await sampleOf(file, { plugin, schema, owner: `${plugin} ${version}`, reachable }))
  )
}
