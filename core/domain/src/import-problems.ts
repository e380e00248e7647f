import type { Problem } from '@bitcartcc/sdk/problem'
import type { ExportHead } from './export-file.ts'

const kept = 'Nothing was put into the database.'
const before = 'Tables may have been made; no row was put into them.'

/** The file is none that we wrote, or not all of it. */
export const notAnExport = (file: string, because: string): Problem => ({
  code: 'import/not-an-export',
  says: `${file} is no export of a plugin: ${because}.`,
  kept,
  fix: ['Name a file that removed: export wrote to DATA_DIR/exports, as it was written.'],
})

/** The plugin whose rows they are is not in this distribution, or has no tables. */
export const notSelected = (file: string, { plugin, release }: ExportHead): Problem => ({
  code: 'import/not-selected',
  says: `${file} holds what ${plugin} ${release} stored, and ${plugin} is not in this distribution.`,
  kept,
  fix: [
    `Select ${plugin} again, build, and import with that distribution:   compose add ${plugin}`,
  ],
})

/** The tables the rows came out of were made by other migrations than this release ships. */
export const otherSteps = (
  file: string,
  { plugin, release }: ExportHead,
  steps: readonly { readonly id: string }[],
): Problem => ({
  code: 'import/other-steps',
  says: `${file} was written by ${plugin} ${release}, with migrations that this distribution does not ship.`,
  facts: steps.map(({ id }) => [file, id]),
  kept,
  fix: [`Build with ${plugin} ${release} or a release that came after it.`],
})

/** Rows are there already. */
export const notEmpty = (file: string, table: string): Problem => ({
  code: 'import/not-empty',
  says: `${file} cannot come back: ${table} holds rows already.`,
  kept: before,
  fix: [
    'Import before the shop runs with the plugin again, or into a database without these rows.',
  ],
})

/** PostgreSQL does not take the rows. */
export const importRefused = (
  file: string,
  { plugin, release }: ExportHead,
  error: Error & { readonly detail?: string },
): Problem => ({
  code: 'import/refused',
  says: `${file} was written by ${plugin} ${release}, and its rows do not fit the tables that are here.`,
  facts: [['PostgreSQL', ...[error.message, error.detail].filter((text) => text !== undefined)]],
  kept: before,
  fix: [
    `Where newer migrations of ${plugin} ran before the import: import into a database that has not run them; they run on the rows afterwards.`,
  ],
})
