import type { Plan } from '../model/plan.ts'
import { cacheDir } from './environment.ts'
import type { RunCommand } from './command.ts'

/** `compose list [selection.yaml]`: every plugin with its version and what it brings; `--tree`: who brings whom. */
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
    requires: release.manifest.requires.plugins ?? {},
  }))
  if (flags.json) print(`${JSON.stringify(rows)}\n`)
  else if (flags.tree) print(treeText(plan))
  else
    for (const { name, version, title, source } of rows)
      print(`${`${name} ${version}`.padEnd(28)} ${title.padEnd(28)} ${source}\n`)
  return 0
}

/** What the selection names, and below each what it needs; what was shown already is shown without what is below it. */
function treeText({ name, plugins }: Plan): string {
  const byName = new Map(plugins.map(({ release }) => [release.name, release]))
  const needed = (of: string) =>
    Object.entries(byName.get(of)?.manifest.requires.plugins ?? {}).toSorted(([a], [b]) =>
      a < b ? -1 : 1,
    )
  const brought = new Set(plugins.flatMap(({ release }) => needed(release.name).map(([to]) => to)))
  const seen = new Set<string>()
  const lines = [name]
  const show = (plugin: string, range: string, lead: string, isLast: boolean) => {
    const known = seen.has(plugin) && needed(plugin).length > 0
    seen.add(plugin)
    const version = byName.get(plugin)?.version
    lines.push(
      `${lead}${isLast ? '└─' : '├─'} ${plugin}${version === undefined ? ', provided' : ` ${version}`}${range === '' ? '' : `   needed as ${range}`}${known ? '   (above)' : ''}`,
    )
    if (known) return
    const below = needed(plugin)
    below.forEach(([to, wants], at) =>
      show(to, wants, `${lead}${isLast ? '   ' : '│  '}`, at === below.length - 1),
    )
  }
  // A circle has no top: whatever was not shown from one is shown last.
  const tops = [...byName.keys()].filter((plugin) => !brought.has(plugin))
  const reached = (from: readonly string[]) => {
    const all = new Set(from)
    for (const each of all) for (const [to] of needed(each)) all.add(to)
    return all
  }
  const roots = [...tops, ...[...byName.keys()].filter((each) => !reached(tops).has(each))]
  roots.forEach((plugin, at) => show(plugin, '', '', at === roots.length - 1))
  return `${lines.join('\n')}\n`
}
