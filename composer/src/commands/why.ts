import { Refused } from '@bitcartcc/sdk/problem'
import { cacheDir } from './environment.ts'
import type { RunCommand } from './command.ts'

/** `compose why NAME [selection.yaml]`: who asked for a plugin, or where a value of docker-compose.yml comes from. */
export const whyCommand: RunCommand = async ({ words, flags, print, tell }) => {
  const [name, file = 'selection.yaml'] = words
  if (name === undefined) {
    tell('compose why NAME [selection.yaml]\n')
    return 2
  }
  const { planSelection } = await import('../pipeline.ts')
  const { plan } = await planSelection(file, {
    cacheDir: cacheDir(),
    isOffline: flags.offline,
  })
  const origin = Object.entries(plan.compose.origins).find(([path]) => path === name)
  if (origin) {
    print(`${name}   ${origin[1]}\n`)
    return 0
  }
  const plugin = plan.plugins.find((each) => each.release.name === name)
  if (!plugin)
    throw new Refused([
      {
        code: 'why/unknown-name',
        says: `Nothing in this distribution is named ${name}.`,
        fix: [
          'Name one of its plugins, or a path of docker-compose.yml:   compose why services.api.image',
        ],
      },
    ])
  const askers = plan.plugins
    .filter((each) => each.release.manifest.requires.plugins?.[name] !== undefined)
    .map(
      ({ release }) =>
        `${release.name} ${release.version} needs ${name} ${release.manifest.requires.plugins?.[name]}`,
    )
  print(
    `${name} ${plugin.release.version}, from ${plugin.release.source}\n${(askers.length > 0 ? askers : [`asked for in ${file}`]).map((each) => `  ${each}\n`).join('')}`,
  )
  return 0
}

/** `compose list [selection.yaml]`: every plugin with its version and what it brings. */
export const listCommand: RunCommand = async ({ words, flags, print }) => {
  const { planSelection } = await import('../pipeline.ts')
  const { plan } = await planSelection(words[0] ?? 'selection.yaml', {
    cacheDir: cacheDir(),
    isOffline: flags.offline,
  })
  const rows = plan.plugins.map(({ release }) => ({
    name: release.name,
    version: release.version,
    title: release.manifest.title,
    source: release.source,
  }))
  if (flags.json) print(`${JSON.stringify(rows)}\n`)
  else
    for (const { name, version, title, source } of rows)
      print(`${`${name} ${version}`.padEnd(28)} ${title.padEnd(28)} ${source}\n`)
  return 0
}
