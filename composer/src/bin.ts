import { enableCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { wasmCompiledOnce } from '@bitcartcc/domain/wasm-flags'
import { compiledCodeFolder } from './cache/compiled-code.ts'
import { commands } from './commands/all.ts'
import type { Command } from './commands/command.ts'
import { readArgs } from './commands/read-args.ts'

for (const flag of wasmCompiledOnce) setFlagsFromString(flag)
if (compiledCodeFolder !== undefined) enableCompileCache(compiledCodeFolder)

// A reader that has gone, `compose plan | head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
// What is told on the way may go unread.
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await main(process.argv.slice(2))

/** Runs one command of `compose`; gives the exit status. */
async function main(args: readonly string[]): Promise<number> {
  const print = (text: string) => void process.stdout.write(text)
  const tell = (text: string) => void process.stderr.write(text)
  const asked = readArgs(args)
  if ('wrong' in asked) {
    tell(`${asked.wrong}\n`)
    return 2
  }
  if ('helpOf' in asked) {
    const { helpText } = await import('./commands/help.ts')
    print(helpText(asked.helpOf))
    return 0
  }
  if ('isVersion' in asked) {
    const { composeVersion, coreVersion } = await import('./house.ts')
    print(`compose ${composeVersion()}, core ${coreVersion()}, Node ${process.versions.node}\n`)
    return 0
  }
  const { name, words, flags } = asked
  const command: Command = { words, flags, print, tell }
  try {
    const run = await commands[name].load()
    return await run(command)
  } catch (error) {
    const [{ OtherCore }, { enter }] = await Promise.all([
      import('./cores/index.ts'),
      import('./cores/enter.ts'),
    ])
    if (error instanceof OtherCore) return enter(error.house, args, error.cores)
    const { asTyped, tellFailure } = await import('./commands/failure.ts')
    // What builds nothing need not say so.
    const isBuilding = ['build', 'plan', 'lock'].includes(name)
    return tellFailure(asTyped(error, name, words), command, isBuilding ? undefined : '')
  }
}
