import valid from 'semver/functions/valid.js'
import type { Manifest } from '@bitcartcc/sdk/manifest'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { Release } from '../model/release.ts'
import { notAVersion } from './manifest-problems.ts'
import { manifestSchema } from './manifest-schema.ts'
import { misfitProblems } from './misfit-problems.ts'
import { misfits } from './misfits.ts'
import { plainYamlProblems } from './plain-yaml.ts'
import { isRange } from './range.ts'
import { readYaml, type Path, type YamlFile } from './yaml-file.ts'

/** A place whose manifest tells of no release; the name it seems to be of. */
export interface BrokenRelease {
  readonly name: string
  readonly problems: readonly Problem[]
}

/** Reads the text of a manifest whose files lie somewhere else. */
export function releaseOf(
  text: string,
  name: string,
  source: string,
  from: Pick<Release, 'folder' | 'origin' | 'integrity' | 'url' | 'isOwn' | 'commit' | 'npm'>,
): Release | BrokenRelease {
  const shownAs = `${source}/plugin.yaml`
  const read = readYaml(text, shownAs, 'sources/not-yaml')
  if (!('value' in read)) return { name, problems: read }
  const odd = plainYamlProblems(read, text, 'sources/not-yaml')
  if (odd.length > 0) return { name, problems: odd }
  const wrong = misfits(manifestSchema, read.value)
  const named = (read.value as { name?: unknown } | null)?.name
  const known = typeof named === 'string' ? named : name
  if (wrong.length > 0)
    return { name: known, problems: misfitProblems(wrong, read, 'sources', shownAs) }
  const manifest = read.value as Manifest // its schema let it through
  const versions = versionProblems(manifest, read)
  if (versions.length > 0) return { name: known, problems: versions }
  const owner = `${manifest.name} ${manifest.version}`
  return {
    ...from,
    name: manifest.name,
    version: manifest.version,
    manifest,
    source,
    at: (...path: Path) => ({ ...read.at(...path), file: `${owner} plugin.yaml` }),
    lineAt: read.lineAt,
  }
}

/** Every range under `requires` that semver is to read, with its path. */
export const rangesIn = ({
  requires,
}: Pick<Manifest, 'requires'>): readonly (readonly [Path, string])[] => [
  [['requires', 'bitcartcc'], requires.bitcartcc],
  ...(requires.node === undefined ? [] : [[['requires', 'node'], requires.node] as const]),
  ...(['plugins', 'optional', 'conflicts'] as const).flatMap((key) =>
    Object.entries(requires[key] ?? {}).map(
      ([name, range]) => [['requires', key, name], range] as const,
    ),
  ),
]

function versionProblems(manifest: Manifest, read: YamlFile): readonly Problem[] {
  const { version } = manifest
  return [
    ...(valid(version) === version
      ? []
      : [notAVersion(version, 'a version like 1.0.0', read.at('version'), read.lineAt('version'))]),
    ...rangesIn(manifest)
      .filter(([, range]) => !isRange(range))
      .map(([path, range]) =>
        notAVersion(range, 'a range like ^1.0.0', read.at(...path), read.lineAt(...path)),
      ),
  ]
}
