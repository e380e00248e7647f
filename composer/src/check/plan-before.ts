import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationPlan, MigrationStep } from '@bitcartcc/domain/migration-plan'
import { readMigrations } from '../read/migrations.ts'
import type { Lock } from '../model/lock.ts'

/** The distribution that an upgrade comes from. */
export interface Before {
  readonly lock: Lock
  /** Where it may stand: folders with a `migrations/plan.json`. */
  readonly folders: readonly string[]
}

/** The migrations of the distribution before, read where it stands; undefined where none is what its lock says. */
export function planBefore({ lock, folders }: Before): MigrationPlan | undefined {
  return folders.map(planIn).find((plan) => plan !== undefined && isLocked(plan, lock))
}

function planIn(folder: string): (MigrationPlan & { readonly folder: string }) | undefined {
  const file = join(folder, 'migrations/plan.json')
  if (!existsSync(file)) return undefined
  try {
    const plan = JSON.parse(readFileSync(file, 'utf8')) as MigrationPlan // its steps are held against the lock
    return { ...plan, folder }
  } catch {
    return undefined
  }
}

/** Whether the lock names these steps and no others, and each statement stands in the SQL that the lock names. */
function isLocked(
  { format, steps, owners, folder }: MigrationPlan & { readonly folder: string },
  lock: Lock,
): boolean {
  if (format !== 1 || !Array.isArray(steps) || !Array.isArray(owners)) return false
  if (steps.length !== Object.keys(lock.migrations).length) return false
  const files = new Map(
    [...new Set(steps.map(({ plugin }) => plugin))].flatMap((plugin) =>
      readMigrations(plugin, folder, `migrations/${plugin}`).map((file) => [file.id, file]),
    ),
  )
  return steps.every(({ id, checksum, statements }: MigrationStep) => {
    const file = files.get(id)
    return (
      lock.migrations[id] === checksum &&
      file?.checksum === checksum &&
      statements.every(({ sql }) => file.text.includes(sql))
    )
  })
}
