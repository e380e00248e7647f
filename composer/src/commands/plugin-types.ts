import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { stringify } from 'yaml'
import { coreVersion } from '../house.ts'
import { shown } from '../views/shown.ts'
import type { RunCommand } from './command.ts'
import { cacheDir } from './environment.ts'
import { pluginAt } from './plugin-at.ts'
import { writing } from './writing.ts'

const selection = '.compose/types/selection.yaml'

/**
 * `compose plugin types [FOLDER]`: writes the plugin's `plugin.gen.ts` from its manifest and its rehearsed migrations.
 *
 * What it requires is looked for beside it and among the plugins we ship.
 */
export const typesCommand: RunCommand = async ({ words, flags, print, tell }) => {
  const { release } = pluginAt(words[0] ?? '.')
  await writing(selection, () => {
    mkdirSync(dirname(selection), { recursive: true })
    writeFileSync(selection, selectionOf(release.name, release.folder))
  })
  const { typesOfPlugin } = await import('../pipeline.ts')
  const { isNew } = await typesOfPlugin(selection, release.name, {
    cacheDir: cacheDir(),
    isOffline: flags.offline,
  })
  const file = shown(join(release.folder, 'plugin.gen.ts'))
  if (!flags.quiet) tell(isNew ? `${file} written anew\n` : `${file} is as it was\n`)
  print(`${file}\n`)
  return 0
}

/** A selection that holds one plugin, and names no more than it has to. */
const selectionOf = (name: string, folder: string) =>
  stringify({
    distribution: 'types',
    core: coreVersion(),
    sources: [{ folder: from(dirname(folder)) }],
    plugins: { [name]: { path: from(folder) } },
  })

const from = (folder: string) => relative(dirname(selection), folder).replaceAll('\\', '/')
