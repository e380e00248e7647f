import { writeFileSync } from 'node:fs'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import type { ServerWiring } from '@bitcartcc/sdk/wiring'
import { readEnvironment } from './environment.ts'
import { fileProblem } from './file-problems.ts'
import { readFolder } from './folder.ts'
import { help } from './help.ts'
import { createLog, gathered } from './log.ts'

/**
 * The program of a distribution: `serve`, `api`, `worker`, `migrate`, `run`, `doctor`, `import`, `backup`, `restore`; ends the process with its exit status.
 *
 * Takes the wiring that the composer generated, and the folder of the distribution. See `help.ts` for the commands.
 */
export async function runServer(
  wiring: ServerWiring,
  { folder }: { folder: string },
): Promise<void> {
  // Whoever read what is said here may have gone: that is no reason to stop selling.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  const [command = 'help', ...rest] = process.argv.slice(2)
  process.once('beforeExit', nothingLeft)
  process.exitCode = await run(wiring, folder, command, rest).catch((thrown: unknown) => {
    const problem = fileProblem(thrown)
    const error = problem ? new Refused([problem]) : thrown
    if (error instanceof Refused) {
      for (const each of error.problems) process.stderr.write(`${problemText(each)}\n`)
      return 1
    }
    process.stderr.write(
      `The server itself failed. This is our fault.\n\n${error instanceof Error ? error.stack : String(error)}\n`,
    )
    return 70
  })
  process.off('beforeExit', nothingLeft)
  // Something a plugin left open must not keep a stopped server alive.
  setTimeout(() => process.exit(), 3000).unref()
}

/** What is waited for can no longer come: Node would end there, and show where in a line of compiled code. */
function nothingLeft(): void {
  process.stderr.write(
    'The server itself failed: it waits for something that nothing is going to bring. This is our fault, or that of a plugin.\n',
  )
  process.exit(70)
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
  const known = flags[command] ?? []
  const isUnderstood =
    command === 'run' ||
    (['schemas', 'import', 'backup'].includes(command)
      ? rest.length === 1
      : command === 'restore'
        ? rest.filter((word) => word !== '--replace').length === 1
        : rest.every((each) => known.includes(each)))
  if (command === 'help' || command === '--help') {
    process.stdout.write(help)
    return 0
  }
  if (
    ![
      'serve',
      'api',
      'worker',
      'migrate',
      'run',
      'doctor',
      'import',
      'backup',
      'restore',
      'schemas',
    ].includes(command) ||
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
  if (command === 'run' && rest.length === 0) {
    const { commandsText } = await import('./run.ts')
    process.stdout.write(commandsText(wiring.commands))
    return 0
  }
  // What a command prints is its result: its log goes beside it.
  const out = command === 'run' ? process.stderr : process.stdout
  const write = (lines: string) => void out.write(lines)
  const isServing = ['serve', 'api', 'worker'].includes(command)
  const log = createLog(isServing ? gathered(write) : write)
  const environment = readEnvironment(process.env)
  const from = readFolder(folder)
  if (command === 'migrate') {
    const { runMigrate } = await import('./migrate.ts')
    // The server that starts next finds this compiled, too.
    await from.compiled()
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
  if (command === 'backup') {
    const { runBackup } = await import('./backup.ts')
    return runBackup({
      from,
      environment,
      file: rest[0] ?? '',
      print: (text) => void process.stdout.write(text),
    })
  }
  if (command === 'restore') {
    const { runRestore } = await import('./restore.ts')
    return runRestore({
      environment,
      file: rest.find((word) => word !== '--replace') ?? '',
      isReplacing: rest.includes('--replace'),
      print: (text) => void process.stdout.write(text),
    })
  }
  if (command === 'run') {
    const { runPluginCommand } = await import('./run.ts')
    const [name = '', ...words] = rest
    return runPluginCommand({
      wiring,
      from,
      environment,
      log,
      name,
      words,
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
