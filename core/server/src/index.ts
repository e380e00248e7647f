import { writeFileSync } from 'node:fs'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import type { ServerWiring } from '@bitcartcc/sdk/wiring'
import { olderNode, readEnvironment } from './environment.ts'
import { readFolder } from './folder.ts'
import { help } from './help.ts'
import { createLog } from './log.ts'

/**
 * The program of a distribution: `serve`, `api`, `worker`, `migrate`, `doctor`, `import`; ends the process with its exit status.
 *
 * Takes the wiring that the composer generated, and the folder of the distribution. See `help.ts` for the commands.
 */
export async function runServer(
  wiring: ServerWiring,
  { folder }: { folder: string },
): Promise<void> {
  const [command = 'help', ...rest] = process.argv.slice(2)
  process.exitCode = await run(wiring, folder, command, rest).catch((error: unknown) => {
    if (error instanceof Refused) {
      for (const problem of error.problems) process.stderr.write(`${problemText(problem)}\n`)
      return 1
    }
    process.stderr.write(
      `The server itself failed. This is our fault.\n\n${error instanceof Error ? error.stack : String(error)}\n`,
    )
    return 70
  })
  // Something a plugin left open must not keep a stopped server alive.
  setTimeout(() => process.exit(), 3000).unref()
}

const flags: Readonly<Record<string, readonly string[]>> = {
  migrate: ['--plan', '--json'],
  doctor: ['--json'],
}

async function run(
  wiring: ServerWiring,
  folder: string,
  command: string,
  rest: readonly string[],
): Promise<number> {
  const older = olderNode(process.versions.node)
  if (older) throw new Refused([older])
  const known = flags[command] ?? []
  const isUnderstood =
    command === 'schemas' || command === 'import'
      ? rest.length === 1
      : rest.every((each) => known.includes(each))
  if (command === 'help' || command === '--help') {
    process.stdout.write(help)
    return 0
  }
  if (
    !['serve', 'api', 'worker', 'migrate', 'doctor', 'import', 'schemas'].includes(command) ||
    !isUnderstood
  ) {
    process.stderr.write(help)
    return 2
  }
  if (command === 'schemas') {
    const { collectSchemas } = await import('@bitcartcc/api')
    writeFileSync(rest[0] ?? '', JSON.stringify(collectSchemas(wiring)))
    return 0
  }
  const log = createLog((line) => void process.stdout.write(line))
  const environment = readEnvironment(process.env)
  const from = readFolder(folder)
  if (command === 'migrate') {
    const { runMigrate } = await import('./migrate.ts')
    return runMigrate({
      wiring,
      from,
      environment,
      log,
      isPlan: rest.includes('--plan'),
      isJson: rest.includes('--json'),
      print: (text) => void process.stdout.write(text),
    })
  }
  if (command === 'doctor') {
    const { runDoctor } = await import('./doctor.ts')
    return runDoctor({
      wiring,
      from,
      environment,
      isJson: rest.includes('--json'),
      print: (text) => void process.stdout.write(text),
    })
  }
  if (command === 'import') {
    const { runImport } = await import('./import.ts')
    return runImport({
      wiring,
      from,
      environment,
      log,
      file: rest[0] ?? '',
      print: (text) => void process.stdout.write(text),
    })
  }
  const { runServe } = await import('./serve.ts')
  const untilStopped = new Promise<string>((done) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => done(signal))
  })
  await runServe({
    wiring,
    from,
    environment,
    log,
    parts: { api: command !== 'worker', worker: command !== 'api' },
    untilStopped,
  })
  return 0
}
