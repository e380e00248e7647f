import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import compare from 'semver/functions/compare.js'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import { integrityOf } from '../archive/archive-bytes.ts'
import { writeArchive } from '../archive/write-archive.ts'
import { archivePath, indexPath, releasesPath } from '../catalogue/layout.ts'
import { noPlugins, twoArchives } from '../catalogue/problems.ts'
import { keep } from '../catalogue/store.ts'
import { fileProblems } from '../plan/files.ts'
import { shown } from '../views/shown.ts'
import type { RunCommand } from './command.ts'
import { pluginAt } from './plugin-at.ts'
import { writing } from './writing.ts'

interface Offered {
  readonly name: string
  readonly version: string
  readonly place: string
  readonly archive: Buffer
  readonly integrity: string
  readonly manifest: string
}

/** `compose catalog FOLDER --out DIR`: writes a catalogue of the archives and plugin folders of a folder, for any web server. */
export const catalogCommand: RunCommand = async ({ words, flags, print, tell }) => {
  const [folder = ''] = words
  const offered = offeredIn(folder)
  const byName = Map.groupBy(offered, ({ name }) => name)
  const { out = '' } = flags
  await writing(out, () => writeCatalogue(out, byName))
  const told = { out, plugins: byName.size, releases: offered.length }
  if (flags.json) print(`${JSON.stringify(told)}\n`)
  else {
    if (!flags.quiet)
      tell(
        `${told.releases} ${told.releases === 1 ? 'release' : 'releases'} of ${told.plugins} ${told.plugins === 1 ? 'plugin' : 'plugins'}\n\n  Next: serve ${shown(resolve(out))} and write its address in selection.yaml:\n          sources: [{ catalogue: https://plugins.example.com }]\n\n`,
      )
    print(`${out}\n`)
  }
  return 0
}

function writeCatalogue(out: string, byName: ReadonlyMap<string, readonly Offered[]>): void {
  const plugins: Record<string, string> = {}
  for (const [name, all] of [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    for (const { version, archive } of all) keep(join(out, archivePath(name, version)), archive)
    const releases = all
      .toSorted((a, b) => compare(a.version, b.version))
      .map(({ version, integrity, manifest }) => ({ version, integrity, manifest }))
    const list = json({ format: 1, releases })
    keep(join(out, releasesPath(name)), list)
    plugins[name] = integrityOf(list)
  }
  // Last, so that whatever it names is there.
  keep(join(out, indexPath), json({ format: 1, plugins }))
}

const json = (value: object) => Buffer.from(`${JSON.stringify(value, null, 1)}\n`)

function offeredIn(folder: string): readonly Offered[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new Refused([noPlugins(folder)])
  const problems: Problem[] = []
  const offered = readdirSync(folder)
    .toSorted()
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith('.bitcartcc') || isPluginFolder(path))
    .flatMap((path) => {
      try {
        return [offer(path)]
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        problems.push(...error.problems)
        return []
      }
    })
  for (const [, same] of Map.groupBy(offered, ({ name, version }) => `${name} ${version}`)) {
    const [first] = same
    if (first && same.length > 1)
      problems.push(
        twoArchives(
          first.name,
          first.version,
          same.map(({ place }) => place),
        ),
      )
  }
  if (problems.length > 0) throw new Refused(problems)
  if (offered.length === 0) throw new Refused([noPlugins(folder)])
  return offered
}

const isPluginFolder = (path: string) =>
  statSync(join(path, 'plugin.yaml'), { throwIfNoEntry: false }) !== undefined

function offer(path: string): Offered {
  const plugin = pluginAt(path)
  const problems = fileProblems(plugin)
  if (problems.length > 0) throw new Refused(problems)
  const archive = plugin.archive ?? writeArchive(plugin.bytes)
  return {
    name: plugin.release.name,
    version: plugin.release.version,
    place: plugin.release.source,
    archive,
    integrity: integrityOf(archive),
    manifest: plugin.bytes.get('plugin.yaml')?.toString('utf8') ?? '',
  }
}
