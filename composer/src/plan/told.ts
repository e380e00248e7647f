import type { SqlPlace } from './sql-problems.ts'

/** A header line that says where in the order of all migrations a file stands: `-- after: ledger/0002_accounts`. */
export interface Told {
  readonly id: string
  readonly plugin: string
  readonly way: 'after' | 'before'
  /** `ledger/0002_accounts` */
  readonly other: string
  readonly at: SqlPlace
}

/** The ids of `ledger/0002_accounts, core/0003_payments`; undefined where one is none. */
export function idsIn(value: string): readonly string[] | undefined {
  const ids = value.split(',').map((id) => id.trim())
  return ids.every((id) => /^[a-z][a-z0-9-]*\/\d{4}_[a-z0-9_]+$/.test(id)) ? ids : undefined
}

export const pluginOf = (id: string): string => id.split('/')[0] ?? ''
