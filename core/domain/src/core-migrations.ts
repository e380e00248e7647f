import { fileURLToPath } from 'node:url'

/** Absolute folder of core's own migrations, for the composer to read, check and ship. */
export const coreMigrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url))

/** Columns of core that a plugin's foreign keys may point at, as `MigrationOwner.references` has them. */
export const coreReferences: readonly string[] = [
  'invoices(id)',
  'products(id)',
  'stores(id)',
  'users(id)',
]
