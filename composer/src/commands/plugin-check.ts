import { Refused } from '@bitcartcc/sdk/problem'
import type { RunCommand } from './command.ts'
import { cacheDir } from './environment.ts'
import { selectionAlone } from './plugin-alone.ts'
import { factProblems } from './plugin-facts.ts'
import { pluginAt } from './plugin-at.ts'
import { stageTeller } from './stage-teller.ts'

/** `compose plugin check [FOLDER]`: everything that a build looks at before it compiles, for one plugin. */
export const checkCommand: RunCommand = async ({ words, flags, print, tell }) => {
  const plugin = pluginAt(words[0] ?? '.')
  const { release } = plugin
  const problems = factProblems(plugin)
  if (problems.length > 0) throw new Refused(problems)
  const { checkPlugin } = await import('../author.ts')
  await checkPlugin(await selectionAlone(plugin), release.name, {
    cacheDir: cacheDir(),
    isOffline: flags.offline,
    onStage: stageTeller(flags, tell, print),
  })
  if (!flags.quiet && !flags.json)
    tell(`\n  ${release.name} ${release.version} fits this core.\n\n`)
  return 0
}
