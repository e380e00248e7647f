import { Refused } from '@bitcartcc/sdk/problem'
import type { Release } from '../model/release.ts'
import type { Selection } from '../model/selection.ts'
import { cacheDir } from './environment.ts'
import { nearest } from '../read/nearest.ts'
import type { RunCommand } from './command.ts'

/** `compose why NAME [selection.yaml]`: who asked for a plugin, or where a value of docker-compose.yml comes from. */
export const whyCommand: RunCommand = async ({ words, flags, print }) => {
  const [name = '', file = 'selection.yaml'] = words
  const options = { cacheDir: cacheDir(), isOffline: flags.offline }
  const { planSelection } = await import('../pipeline.ts')
  const { plan } = await planSelection(file, options)
  const { originsText } = await import('../views/origins-text.ts')
  const { withMountedFiles } = await import('../package/mounted-files.ts')
  const origins = originsText(withMountedFiles(plan), name)
  if (origins !== '') {
    print(origins)
    return 0
  }
  const plugins = plan.plugins.map(({ release }) => release)
  if (name === 'core') {
    const { readSelection } = await import('../selection/index.ts')
    print(coreText(plan.core, plugins, await readSelection(file)))
    return 0
  }
  if (!plugins.some((each) => each.name === name)) {
    const near = nearest(
      name,
      plugins.map((each) => each.name),
    )
    throw new Refused([
      {
        code: 'why/unknown-name',
        says: `Nothing in this distribution is named ${name}.`,
        fix: [
          near === undefined
            ? 'Name one of its plugins, or a path of docker-compose.yml:   compose why services.api.image'
            : `Write   compose why ${near}`,
        ],
      },
    ])
  }
  const { readSelection } = await import('../selection/index.ts')
  print(pluginText(name, plugins, await readSelection(file)))
  return 0
}

/** Core, and every range that it fits. */
function coreText(version: string, plugins: readonly Release[], { core }: Selection): string {
  const rows = [
    `${core.at.file}:${core.at.line}   core: ${core.value}`,
    ...plugins.map(
      (each) => `${each.name} ${each.version} needs core ${each.manifest.requires.bitcartcc}`,
    ),
  ]
  return `core ${version}\n${rows.map((row) => `  ${row}\n`).join('')}`
}

/** A plugin, and every chain that leads from the selection to it. */
function pluginText(name: string, plugins: readonly Release[], selection: Selection): string {
  const found = plugins.find((each) => each.name === name)
  const title = `${name} ${found?.version ?? ''}, from ${found?.source ?? ''}\n`
  const lines = chains(name, plugins, selection, []).flatMap((chain) =>
    chain.toReversed().map((line, at) => `${'  '.repeat(at + 1)}${line}\n`),
  )
  return title + lines.join('')
}

function chains(
  name: string,
  plugins: readonly Release[],
  selection: Selection,
  below: readonly string[],
): readonly (readonly string[])[] {
  const selected = selection.plugins.find((each) => each.name === name)
  const own = selected
    ? [[`${selected.at.file}:${selected.at.line}   ${selected.text}`]]
    : ([] as readonly (readonly string[])[])
  const provided = new Set([
    name,
    ...(plugins.find((each) => each.name === name)?.manifest.provides ?? []),
  ])
  const through = plugins.flatMap((asker) =>
    Object.entries(asker.manifest.requires.plugins ?? {}).flatMap(([to, range]) => {
      if (!provided.has(to) || asker.name === name || below.includes(asker.name)) return []
      const line = `${asker.name} ${asker.version} needs ${to} ${range}`
      return chains(asker.name, plugins, selection, [...below, name]).map((chain) => [
        line,
        ...chain,
      ])
    }),
  )
  return [...own, ...through]
}
