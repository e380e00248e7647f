import { createDomain } from '@bitcartcc/domain'
import { openDatabase } from '@bitcartcc/domain/database'
import { checkReady } from '@bitcartcc/domain/migrator'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import { HttpError, type Log } from '@bitcartcc/sdk/server'
import type { CommandsWiring, ServerWiring } from '@bitcartcc/sdk/wiring'
import type { Environment } from './environment.ts'
import type { DistributionFolder } from './folder.ts'

export interface RunCommand {
  readonly wiring: ServerWiring
  readonly from: DistributionFolder
  readonly environment: Environment
  readonly log: Log
  /** `ratings:recount` */
  readonly name: string
  readonly words: readonly string[]
  readonly print: (text: string) => void
}

/**
 * Runs one command of a plugin with what its other code gets too; the jobs it queues are for the worker.
 *
 * Refuses with run/unknown-command, with run/refused where the command says why, and while migrations are pending.
 */
export async function runPluginCommand(options: RunCommand): Promise<number> {
  const { wiring, from, environment, log, name, words, print } = options
  const found = wiring.commands.commands.find((each) => nameOf(each) === name)
  if (!found) throw new Refused([unknownCommand(name, wiring.commands)])
  const database = await openDatabase({
    url: environment.databaseUrl,
    dataDir: environment.dataDir,
    embedded: wiring.embedded,
    snapshot: from.emptyDatabase,
  })
  const closing: (() => Promise<unknown>)[] = [() => database.close()]
  try {
    const problems = await checkReady(database.pool, from.migrations, log)
    if (problems.length > 0) throw new Refused(problems)
    const domain = await createDomain({
      database,
      wiring,
      distribution: from.distribution,
      env: environment.all,
      dataDir: environment.dataDir,
      log,
    })
    closing.push(() => domain.close())
    const context = await domain.contextFor(found.plugin)
    await found.command.run(
      Object.assign(Object.create(context) as object, {
        words,
        print: (line: string) => print(`${line}\n`),
      }), // the context, with what it was started with
    )
    return 0
  } catch (error) {
    if (error instanceof HttpError) throw new Refused([refused(name, error)])
    throw error
  } finally {
    for (const close of closing.toReversed()) await close()
  }
}

/** A line for each command there is. */
export function commandsText({ commands }: CommandsWiring): string {
  if (commands.length === 0) return 'No plugin of this distribution has a command.\n'
  const names = commands.map(nameOf)
  const width = Math.max(...names.map((each) => each.length))
  return commands.map((each, at) => `${(names[at] ?? '').padEnd(width)}   ${each.title}\n`).join('')
}

const nameOf = ({ plugin, name }: { plugin: string; name: string }) => `${plugin}:${name}`

const unknownCommand = (name: string, { commands }: CommandsWiring): Problem => ({
  code: 'run/unknown-command',
  says: `No plugin of this distribution has a command ${name}.`,
  facts: commands.map((each) => [nameOf(each), each.title]),
  kept: 'Nothing was run.',
  fix:
    commands.length === 0
      ? ['Select a plugin that has commands, and build again.']
      : [`Name one of them:   node server.js run ${commands.map(nameOf)[0] ?? ''}`],
})

const refused = (name: string, { message, errors }: HttpError): Problem => ({
  code: 'run/refused',
  says: `${name} refused: ${message}`,
  facts: (errors ?? []).map(({ field, says }) => [field, says]),
  fix: ['Mend what it says, and run it again.'],
})
