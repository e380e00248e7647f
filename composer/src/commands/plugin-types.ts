import { join } from 'node:path'
import { shown } from '../views/shown.ts'
import type { RunCommand } from './command.ts'
import { cacheDir } from './environment.ts'
import { selectionAlone } from './plugin-alone.ts'
import { writeFacts } from './plugin-facts.ts'
import { pluginAt } from './plugin-at.ts'

/**
 * `compose plugin types [FOLDER]`: writes the plugin's `plugin.gen.ts` from its manifest and its rehearsed migrations, and
 * what versions are chosen by into its package.json.
 */
export const typesCommand: RunCommand = async ({ words, flags, print, tell }) => {
  const plugin = pluginAt(words[0] ?? '.')
  const { release } = plugin
  const packageJson = await writeFacts(plugin)
  if (packageJson !== undefined && !flags.quiet) tell(`${packageJson} written anew\n`)
  const selection = await selectionAlone(plugin)
  const { typesOfPlugin } = await import('../author.ts')
  const { isNew } = await typesOfPlugin(selection, release.name, {
    cacheDir: cacheDir(),
    isOffline: flags.offline,
  })
  const file = shown(join(release.folder, 'plugin.gen.ts'))
  if (!flags.quiet) tell(isNew ? `${file} written anew\n` : `${file} is as it was\n`)
  print(`${file}\n`)
  return 0
}
