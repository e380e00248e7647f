#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { compiledCodeFolder } from './cache/compiled-code.ts'
import { noTierUpFromNow } from './cache/wasm.ts'
import type { Command, RunCommand } from './commands/command.ts'

if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `compose needs Node 24 or later, and this is ${process.version}. Run it with the Node of its workspace: npm start, or pnpm exec compose.\n`,
  )
  process.exit(2)
}

const commands: Readonly<Record<string, () => Promise<RunCommand>>> = {
  init: async () => (await import('./commands/init.ts')).initCommand,
  add: async () => (await import('./commands/add.ts')).addCommand,
  remove: async () => (await import('./commands/remove.ts')).removeCommand,
  build: async () => (await import('./commands/build.ts')).buildCommand,
  plan: async () => (await import('./commands/plan.ts')).planCommand,
  lock: async () => (await import('./commands/plan.ts')).lockCommand,
  update: async () => (await import('./commands/update.ts')).updateCommand,
  outdated: async () => (await import('./commands/outdated.ts')).outdatedCommand,
  list: async () => (await import('./commands/list.ts')).listCommand,
  why: async () => (await import('./commands/why.ts')).whyCommand,
  env: async () => (await import('./commands/env.ts')).envCommand,
  start: async () => (await import('./commands/start.ts')).startCommand,
  migrate: async () => (await import('./commands/server-command.ts')).migrateCommand,
  run: async () => (await import('./commands/server-command.ts')).runCommand,
  doctor: async () => (await import('./commands/server-command.ts')).doctorCommand,
  backup: async () => (await import('./commands/server-command.ts')).backupCommand,
  restore: async () => (await import('./commands/server-command.ts')).restoreCommand,
  stack: async () => (await import('./commands/stack.ts')).stackCommand,
  plugin: async () => (await import('./commands/plugin.ts')).pluginCommand,
  catalog: async () => (await import('./commands/catalog.ts')).catalogCommand,
  image: async () => (await import('./commands/image.ts')).imageCommand,
  verify: async () => (await import('./commands/verify.ts')).verifyCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
}

/** Flags that go to the program of the distribution as they are. */
const serverFlags: Readonly<Record<string, string>> = { migrate: '--plan', restore: '--replace' }

/** Every option that a command of compose may have; its help says which. */
const options = {
  out: { type: 'string' },
  against: { type: 'string' },
  frozen: { type: 'boolean' },
  offline: { type: 'boolean' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  relock: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean' },
  tree: { type: 'boolean' },
  prebuilt: { type: 'boolean' },
  base: { type: 'string' },
  platform: { type: 'string' },
  replace: { type: 'boolean' },
  to: { type: 'string' },
} as const

for (const flag of noTierUpFromNow) setFlagsFromString(flag)
enableCompileCache(compiledCodeFolder)

// A reader that has gone, `compose plan | head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await main(process.argv.slice(2))

/** Runs one command of `compose`; gives the exit status. */
async function main(args: readonly string[]): Promise<number> {
  const [name = '--help', ...rest] = args
  const print = (text: string) => void process.stdout.write(text)
  const tell = (text: string) => void process.stderr.write(text)
  const load = commands[name]
  if (!load || rest.includes('--help')) {
    const { helpText } = await import('./commands/help.ts')
    if (!load && !name.startsWith('-') && name !== 'help') {
      const { nearest } = await import('./read/nearest.ts')
      const near = nearest(name, Object.keys(commands))
      tell(
        `compose has no command named ${name}.${near === undefined ? '' : ` Did you mean   compose ${near}`}\n\n`,
      )
    }
    const isAsked = name === '--help' || name === 'help' || load !== undefined
    ;(isAsked ? print : tell)(helpText(load ? name : undefined))
    return isAsked ? 0 : 2
  }
  const own = serverFlags[name]
  // What follows the name of a plugin's command is its own.
  const flagsFrom = name === 'run' ? [] : rest.filter((word) => word !== own)
  let command: Command
  try {
    const { values, positionals } = parseArgs({
      args: [...flagsFrom],
      allowPositionals: true,
      options,
    })
    const words =
      name === 'run'
        ? rest
        : own !== undefined && rest.includes(own)
          ? [...positionals, own]
          : positionals
    command = {
      words,
      flags: {
        out: values.out,
        against: values.against,
        frozen: values.frozen ?? false,
        offline: values.offline,
        json: values.json ?? false,
        quiet: values.quiet ?? false,
        relock: values.relock,
        dryRun: values['dry-run'],
        yes: values.yes,
        tree: values.tree,
        prebuilt: values.prebuilt,
        base: values.base,
        platform: values.platform,
        replace: values.replace,
        to: values.to,
      },
      print,
      tell,
    }
  } catch (error) {
    const [{ helpText }, { wrongUsage }] = await Promise.all([
      import('./commands/help.ts'),
      import('./commands/wrong-usage.ts'),
    ])
    tell(`${wrongUsage(name, error, Object.keys(options))}\n\n${helpText(name)}`)
    return 2
  }
  try {
    return await (
      await load()
    )(command)
  } catch (error) {
    const [{ OtherCore }, { enter }] = await Promise.all([
      import('./cores/index.ts'),
      import('./cores/enter.ts'),
    ])
    if (error instanceof OtherCore) return enter(error.house, args, error.cores)
    const { tellFailure } = await import('./commands/failure.ts')
    // What builds nothing need not say so.
    const isBuilding = ['build', 'plan', 'lock'].includes(name)
    return tellFailure(error, command, isBuilding ? undefined : '')
  }
}
