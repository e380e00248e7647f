import { openDatabase } from '@bitcartcc/domain/database'
import { examine, type Examined } from '@bitcartcc/domain/examine'
import { newerText } from '@bitcartcc/domain/migration-problems'
import type { ServerWiring } from '@bitcartcc/sdk/wiring'
import { demandDatabase, type Environment } from './environment.ts'
import type { DistributionFolder } from './folder.ts'

export interface DoctorCommand {
  readonly wiring: ServerWiring
  readonly from: DistributionFolder
  readonly environment: Environment
  /** One JSON object instead of words. */
  readonly isJson: boolean
  readonly print: (text: string) => void
}

/** Says where the database is not what the distribution expects, and how to mend it; gives the exit status: 1 where they differ. */
export async function runDoctor({
  wiring,
  from,
  environment,
  isJson,
  print,
}: DoctorCommand): Promise<number> {
  demandDatabase(environment)
  const database = await openDatabase({
    url: environment.databaseUrl,
    dataDir: environment.dataDir,
    embedded: wiring.embedded,
    snapshot: from.emptyDatabase,
  })
  try {
    const examined = await examine(database.pool, from.migrations, from.schema())
    print(isJson ? `${JSON.stringify(examined)}\n` : examinedText(examined))
    return examined.differences.length > 0 ? 1 : 0
  } finally {
    await database.close()
  }
}

/** A line for each difference: where, what, and how to mend it. */
export function examinedText({ differences, notCompared, newer, alike }: Examined): string {
  const later = [
    ...newer.map((each) => `${newerText(each)}\n`),
    ...notCompared.map((schema) => `${schema} was not compared: its migrations are pending.\n`),
  ]
  if (differences.length === 0)
    return `${later.join('')}The database is what this distribution expects: ${alike} tables, columns, indexes and constraints are alike.\n`
  const many = differences.length === 1 ? '1 difference' : `${differences.length} differences`
  return [
    ...differences.map(({ where, what, mend }) => `${where}: ${what}. Mend: ${mend}\n`),
    ...later,
    `${many}. Nothing was changed. Make a backup before you mend.\n`,
  ].join('')
}
