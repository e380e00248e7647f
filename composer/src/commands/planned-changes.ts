import type { MigrationStep } from '@bitcartcc/domain/migration-plan'
import { lockChanges, type LockChange } from '../lock/lock-changes.ts'
import type { Lock } from '../model/lock.ts'
import type { Planned } from '../pipeline.ts'

export interface PlannedChange extends LockChange {
  readonly migrations: readonly { readonly id: string; readonly tag: MigrationStep['tag'] }[]
}

/** What changes from a lock to that of a plan; of each migration its tag, too. */
export function plannedChanges(
  before: Lock,
  { lock, plan }: Pick<Planned, 'lock' | 'plan'>,
): readonly PlannedChange[] {
  const tags = new Map(plan.migrations.steps.map(({ id, tag }) => [id, tag]))
  const tagOf = (id: string) => {
    const tag = tags.get(id)
    if (tag === undefined) throw new Error(`${id} is locked and not in the plan`)
    return tag
  }
  return lockChanges(before, lock).map((change) => ({
    ...change,
    migrations: change.migrations.map(({ id }) => ({ id, tag: tagOf(id) })),
  }))
}
