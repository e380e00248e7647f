import { openDatabase } from '@bitcartcc/domain/database'
import { importFile } from '@bitcartcc/domain/import-file'
import type { Log } from '@bitcartcc/sdk/server'
import type { ServerWiring } from '@bitcartcc/sdk/wiring'
import type { Environment } from './environment.ts'
import type { DistributionFolder } from './folder.ts'
import { exportsIn } from './migrate.ts'

export interface ImportCommand {
  readonly wiring: ServerWiring
  readonly from: DistributionFolder
  readonly environment: Environment
  readonly log: Log
  readonly file: string
  readonly print: (text: string) => void
}

/** Takes back what a plugin stored before it was removed with `export`; gives the exit status. */
export async function runImport({
  wiring,
  from,
  environment,
  log,
  file,
  print,
}: ImportCommand): Promise<number> {
  const database = await openDatabase({
    url: environment.databaseUrl,
    dataDir: environment.dataDir,
    embedded: wiring.embedded,
    snapshot: from.emptyDatabase,
  })
  try {
    const { plugin, rows } = await importFile(database.pool, from.migrations, file, {
      log,
      exportsFolder: exportsIn(environment),
    })
    print(
      `Took back ${rows === 1 ? '1 row' : `${rows} rows`} of ${plugin}. Next: node server.js migrate\n`,
    )
    return 0
  } finally {
    await database.close()
  }
}
