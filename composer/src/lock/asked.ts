import { relative } from 'node:path'
import type { Lock } from '../model/lock.ts'
import type { SelectedPlugin, Selection } from '../model/selection.ts'

/** What a selection asks for, as its lock notes it: without a folder of this machine. */
export const askedOf = (selection: Selection): Lock['asked'] => ({
  core: selection.core.value,
  plugins: Object.fromEntries(
    selection.plugins.map((each) => [each.name, askedText(each, selection)]),
  ),
  ...(selection.overrides.size === 0
    ? {}
    : {
        overrides: Object.fromEntries(
          [...selection.overrides].map(([name, { value }]) => [name, value]),
        ),
      }),
  ...(selection.prerelease.size === 0
    ? {}
    : { prerelease: Object.fromEntries(selection.prerelease) }),
  ...(selection.notAfter === undefined ? {} : { notAfter: selection.notAfter }),
  ...(selection.deployment.platforms.value.length === 0
    ? {}
    : { platforms: selection.deployment.platforms.value }),
})

function askedText(
  { range, path, isArchive = false, git, npm }: SelectedPlugin,
  { folder }: Selection,
) {
  if (git !== undefined)
    return `${range} git:${git.url}#${git.revision}${git.folder === '' ? '' : `:${git.folder}`}`
  if (npm !== undefined) return `${range} npm:${npm}`
  if (path === undefined) return range
  return `${range} ${isArchive ? 'archive' : 'path'}:${relative(folder, path).replaceAll('\\', '/')}`
}

/** What a selection asks for otherwise than its lock says, a line each; none where no solving is needed to know. */
export function askedChanges(before: Lock['asked'], now: Lock['asked']): readonly string[] {
  const lines: string[] = []
  const compare = (title: string, a: Table = {}, b: Table = {}) => {
    for (const name of [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted())
      if (a[name] !== b[name])
        lines.push(`${title}${name}: ${a[name] ?? 'not asked for'} → ${b[name] ?? 'not asked for'}`)
  }
  compare('', { core: before.core }, { core: now.core })
  compare('', before.plugins, now.plugins)
  compare('overrides ', before.overrides, now.overrides)
  compare('', noted(before), noted(now))
  compare('prerelease ', before.prerelease, now.prerelease)
  return lines
}

const noted = ({ notAfter, platforms }: Lock['asked']): Table => ({
  ...(notAfter === undefined ? {} : { notAfter }),
  ...(platforms === undefined ? {} : { platforms: platforms.join(', ') }),
})

type Table = Readonly<Record<string, string>>
