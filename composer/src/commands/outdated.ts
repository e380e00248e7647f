import compare from 'semver/functions/compare.js'
import satisfies from 'semver/functions/satisfies.js'
import type { Survey } from '../pipeline.ts'
import { table } from '../views/table.ts'
import { cacheDir } from './environment.ts'
import type { RunCommand } from './command.ts'

interface Row {
  readonly name: string
  readonly now: string
  /** The newest that everybody who asks lets be. */
  readonly fits: string
  /** The newest there is. */
  readonly newest: string
  /** Who rules the newest out. */
  readonly heldBy: readonly string[]
}

/** `compose outdated [selection.yaml]`: what there is newer than what is used, and what holds it back. */
export const outdatedCommand: RunCommand = async ({ words, flags, print, tell }) => {
  const file = words[0] ?? 'selection.yaml'
  const { surveySelection } = await import('../pipeline.ts')
  const survey = await surveySelection(file, { cacheDir: cacheDir(), isOffline: flags.offline })
  const rows = [
    ...coreRow(survey),
    ...survey.now.plugins.flatMap(({ release }) => rowOf(release.name, survey)),
  ]
  if (flags.json) print(`${JSON.stringify(rows)}\n`)
  else if (rows.length === 0) print('Everything is as new as its sources have it.\n')
  else
    print(
      table([
        ['plugin', 'now', 'fits', 'newest', ''],
        ...rows.map(({ name, now, fits, newest, heldBy }) => [
          name,
          now,
          fits === now ? 'as now' : fits,
          newest,
          heldBy.join(', '),
        ]),
      ]),
    )
  if (!flags.json && !flags.quiet && rows.some(({ now, fits }) => now !== fits))
    tell(`\n  Next: compose update${file === 'selection.yaml' ? '' : ` ${file}`}\n\n`)
  return 0
}

/** Core is one of those that may be newer; none in the workspace, which has its own. */
function coreRow({ selection, catalog, now, newest }: Survey): readonly Row[] {
  const { version, all = [version] } = catalog.core
  const top =
    all
      .filter((each) => !each.includes('-'))
      .toSorted(compare)
      .at(-1) ?? now.core
  if (compare(top, now.core) <= 0 && newest.core === now.core) return []
  const { at, value } = selection.core
  const heldBy =
    top === newest.core
      ? []
      : [
          ...(satisfies(top, value) ? [] : [`${at.file}:${at.line} asks for ${value}`]),
          ...now.plugins.flatMap(({ release }) => {
            const { bitcartcc } = release.manifest.requires
            return satisfies(top, bitcartcc)
              ? []
              : [`${release.name} ${release.version} needs core ${bitcartcc}`]
          }),
        ]
  return [{ name: 'core', now: now.core, fits: newest.core, newest: top, heldBy }]
}

function rowOf(name: string, { selection, catalog, now, newest }: Survey): readonly Row[] {
  const versionIn = (plugins: Survey['now']['plugins']) =>
    plugins.find(({ release }) => release.name === name)?.release.version
  const current = versionIn(now.plugins) ?? ''
  const fits = versionIn(newest.plugins) ?? current
  const isStable = (version: string) => !version.includes('-')
  const latest = catalog.releases
    .filter((each) => each.name === name && (isStable(each.version) || each.version === current))
    .toSorted((a, b) => compare(b.version, a.version))[0]
  if (!latest || compare(latest.version, current) <= 0) {
    if (fits === current) return []
  }
  const top = latest?.version ?? fits
  const { bitcartcc } = latest?.manifest.requires ?? { bitcartcc: '*' }
  const heldBy =
    top === fits
      ? []
      : [
          ...selection.plugins
            .filter((each) => each.name === name && !satisfies(top, each.range))
            .map(({ at, range }) => `${at.file}:${at.line} asks for ${range}`),
          ...now.plugins.flatMap(({ release }) => {
            const range = release.manifest.requires.plugins?.[name]
            return range === undefined || satisfies(top, range)
              ? []
              : [`${release.name} ${release.version} needs ${range}`]
          }),
          ...(satisfies(now.core, bitcartcc) ? [] : [`it needs core ${bitcartcc}`]),
        ]
  return [{ name, now: current, fits, newest: top, heldBy }]
}
