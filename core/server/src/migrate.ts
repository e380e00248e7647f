import { openDatabase } from '@bitcartcc/domain/database'
import { join } from 'node:path'
import { absentPlugins, absentText, type Absent } from '@bitcartcc/domain/absent-plugins'
import { newerText } from '@bitcartcc/domain/migration-problems'
import {
  migrate,
  planText,
  readState,
  stateOf,
  type MigrationState,
} from '@bitcartcc/domain/migrator'
import { Refused } from '@bitcartcc/sdk/problem'
import type { Log } from '@bitcartcc/sdk/server'
import type { ServerWiring } from '@bitcartcc/sdk/wiring'
import { hasDatabase, type Environment } from './environment.ts'
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
  const { migrations } = from
  if (isPlan && !hasDatabase(environment)) return tell(stateOf(migrations, []), [])
  const database = await openDatabase({
    url: environment.databaseUrl,
    dataDir: environment.dataDir,
    embedded: wiring.embedded,
    snapshot: from.emptyDatabase,
  })
  try {
    // Rows are counted, so only where somebody reads how many.
    const isAnyGoing = migrations.removed?.some(({ how }) => how !== 'keep') === true
    const absent = isPlan || isAnyGoing ? await absentPlugins(database.pool, migrations) : []
    if (isPlan) return tell(await readState(database.pool, migrations), absent)
    const applied = await migrate(database.pool, migrations, {
      log,
      exportsFolder: exportsIn(environment),
    })
    const going = leaving(absent)
    print(isJson ? jsonLine({ applied, ...found(going) }) : done(applied, going))
    return 0
  } finally {
    await database.close()
  }

  function tell({ problems, newer, steps }: MigrationState, absent: readonly Absent[]): number {
    if (problems.length > 0) throw new Refused(problems)
    const isDone = steps.length + leaving(absent).length === 0
    const blocks = [
      ...newer.map((each) => `-- ${newerText(each)}\n`),
      ...(absent.length > 0 ? [absentText(absent)] : []),
      ...(steps.length > 0 || isDone ? [planText(steps)] : []),
    ]
    const ids = steps.map(({ id }) => id)
    print(
      isJson
        ? jsonLine({ pending: ids, ...(newer.length > 0 ? { newer } : {}), ...found(absent) })
        : blocks.join('\n'),
    )
    return isDone ? 0 : 3
  }
}

const leaving = (absent: readonly Absent[]) => absent.filter(({ how }) => how !== 'keep')

/** Where `removed: export` writes to. */
export const exportsIn = ({ dataDir }: Environment): string => join(dataDir, 'exports')

const found = (absent: readonly Absent[]) => (absent.length > 0 ? { removed: absent } : {})

function done(applied: readonly string[], gone: readonly Absent[]): string {
  const dropped = gone.map(({ plugin }) => plugin)
  const ofPlugins = dropped.length > 0 ? `Dropped what ${dropped.join(', ')} stored.\n` : ''
  if (applied.length > 0) return `${ofPlugins}Applied ${applied.length}: ${applied.join(', ')}.\n`
  return ofPlugins === '' ? 'Nothing was pending.\n' : ofPlugins
}

const jsonLine = (value: object) => `${JSON.stringify(value)}\n`
