/** `migrations/plan.json`: every step of a distribution in the order it runs. The SQL lies beside it, for people; what runs is `statements`. */
export interface MigrationPlan {
  readonly format: 1
  /** `sha256-…` over all that follows. */
  readonly digest: string
  /** Core first (`plugin: 'core'`), then plugins in dependency order, ties by name, and as their headers say. */
  readonly steps: readonly MigrationStep[]
  /** Schemas and roles to be there before the first step; core's is `core`. */
  readonly owners: readonly MigrationOwner[]
  /** Plugins that are not in the distribution, and what becomes of what they stored, by name; absent where there are none. */
  readonly removed?: readonly Removal[]
}
export interface Removal {
  readonly plugin: string
  /** `keep` leaves it as it is, `drop` takes it away, `export` writes it to a file before. */
  readonly how: 'keep' | 'export' | 'drop'
}
export interface MigrationStep {
  readonly plugin: string
  /** `ratings/0001_ratings` */
  readonly id: string
  /** Version of core or of the plugin that ships it. */
  readonly release: string
  /** `sha256-…`, rule: `compose-migration-v1\0` id `\0` text (no BOM, LF). */
  readonly checksum: string
  readonly tag: 'expand' | 'migrate' | 'contract'
  /** False for the one statement that PostgreSQL refuses inside a transaction. */
  readonly transaction: boolean
  /** Its one statement runs again, a transaction each time, until it changes no row. */
  readonly repeat?: true
  /** Ids of the steps that a header says it comes after, or that say they come before it; sorted, absent where there are none. */
  readonly after?: readonly string[]
  readonly statements: readonly MigrationStatement[]
}
export interface MigrationStatement {
  readonly sql: string
  /** Line of the file it starts on, from 1. */
  readonly line: number
  /** The strongest lock it takes on a table that was there before, in PostgreSQL's words: `access exclusive`; absent where it takes none. */
  readonly lock?: string
}
export interface MigrationOwner {
  readonly plugin: string
  /** `p_ratings`, both the schema and the role. */
  readonly schema: string
  /** Columns others may reference: `table(column)`. */
  readonly references: readonly string[]
  /** Tables and views of others that it may read, `p_ledger.balances`; sorted, absent where there are none. */
  readonly reads?: readonly string[]
}
/** One thing of `migrations/schema.json`, the schema that all steps lead to. */
export interface SchemaObject {
  readonly kind: 'table' | 'column' | 'index' | 'constraint' | 'type' | 'sequence'
  /** `core`, `core_v1` or a plugin's. */
  readonly schema: string
  /** The table, view, type or sequence; of a column, an index or a constraint the table it belongs to. */
  readonly table: string
  /** Of a column, an index or a constraint; else empty. */
  readonly name: string
  /** In PostgreSQL's words: `text not null default ''::text`. */
  readonly definition: string
  /** The parts of a column's definition. */
  readonly type?: string
  readonly required?: boolean
  readonly filled?: string
}
