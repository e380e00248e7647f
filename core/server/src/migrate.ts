import { openDatabase } from '@bitcartcc/domain/database'
import { migrate, pending, planText } from '@bitcartcc/domain/migrator'
import type { Log } from '@bitcartcc/sdk/server'
import type { ServerWiring } from '@bitcartcc/sdk/wiring'
import type { Environment } from './environment.ts'
import type { DistributionFolder } from './folder.ts'

export interface MigrateCommand {
  readonly wiring: ServerWiring
  readonly from: DistributionFolder
  readonly environment: Environment
  readonly log: Log
  /** Only say what would be done. */
  readonly isPlan: boolean
  /** One JSON object instead of words. */
  readonly isJson: boolean
  readonly print: (text: string) => void
}

/** Brings the database to where the distribution needs it, once; gives the exit status: 3 where `--plan` finds something to do. */
export async function runMigrate({
  wiring,
  from,
  environment,
  log,
  isPlan,
  isJson,
  print,
}: MigrateCommand): Promise<number> {
  const database = await openDatabase({
    url: environment.databaseUrl,
    dataDir: environment.dataDir,
    embedded: wiring.embedded,
  })
  try {
    if (isPlan) {
      const steps = await pending(database.pool, from.migrations)
      print(isJson ? jsonLine({ pending: steps.map(({ id }) => id) }) : planText(steps))
      return steps.length > 0 ? 3 : 0
    }
    const applied = await migrate(database.pool, from.migrations, { log })
    print(
      isJson
        ? jsonLine({ applied })
        : applied.length === 0
          ? 'Nothing was pending.\n'
          : `Applied ${applied.length}: ${applied.join(', ')}.\n`,
    )
    return 0
  } finally {
    await database.close()
  }
}

const jsonLine = (value: object) => `${JSON.stringify(value)}\n`
