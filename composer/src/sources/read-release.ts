import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import valid from 'semver/functions/valid.js'
import { Manifest } from '@bitcartcc/sdk/manifest'
import type { Problem } from '@bitcartcc/sdk/problem'
import { archiveBytes, integrityOf } from '../archive/archive-bytes.ts'
import { readManifest } from '../archive/index.ts'
import type { Limits } from '../archive/limits.ts'
import { unsafeArchive } from '../archive/problems.ts'
import { unpackedFolder } from '../archive/unpack.ts'
import type { Release } from '../model/release.ts'
import { misfitProblems } from '../read/misfit-problems.ts'
import { misfits, type Schema } from '../read/misfits.ts'
import { plainYamlProblems } from '../read/plain-yaml.ts'
import { isRange } from '../read/range.ts'
import { readYaml, type Path, type YamlFile } from '../read/yaml-file.ts'
import { notAVersion, notReadable } from './problems.ts'
import type { Found } from './found.ts'

/** A place whose manifest tells of no release; the name it seems to be of. */
export interface BrokenRelease {
  readonly name: string
  readonly problems: readonly Problem[]
}

/** Reads the manifest of one release, from its folder or from inside of its archive; nothing is unpacked. */
export function readRelease(
  found: Found,
  source: string,
  { limits, cacheDir }: { readonly limits: Limits; readonly cacheDir: string },
): Release | BrokenRelease {
  if (!found.isArchive) {
    const text = textOf(join(found.path, 'plugin.yaml'))
    if (text === undefined)
      return { name: basename(found.path), problems: [notReadable(`${source}/plugin.yaml`)] }
    return releaseOf(text, basename(found.path), source, {
      folder: found.path,
      origin: found.path,
      ...own(found),
    })
  }
  const name = basename(found.path).replace(/(-\d[^/]*)?\.bitcartcc$/, '')
  const bytes = archiveBytes(found.path, limits)
  const integrity = bytes.isSafe ? integrityOf(bytes.value) : undefined
  const manifest = bytes.isSafe ? readManifest(bytes.value, limits) : bytes
  if (!manifest.isSafe || integrity === undefined)
    return {
      name,
      problems: manifest.isSafe
        ? []
        : [
            unsafeArchive(source, manifest.broken, {
              before: askedAt(found),
              ...(integrity === undefined ? {} : { integrity }),
            }),
          ],
    }
  return releaseOf(manifest.value, name, source, {
    folder: unpackedFolder(cacheDir, integrity),
    origin: found.path,
    integrity,
    ...own(found),
  })
}

const own = ({ asked }: Found) => (asked === undefined ? {} : { isOwn: true })

const askedAt = ({ asked }: Found) =>
  asked === undefined ? [] : [[`${asked.at.file}:${asked.at.line}`, asked.text]]

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
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
  const odd = plainYamlProblems(text, shownAs, 'sources/not-yaml')
  if (odd.length > 0) return { name, problems: odd }
  const wrong = misfits(Manifest as Schema, read.value) // TypeBox's schemas are JSON Schema
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

function versionProblems({ version, requires }: Manifest, read: YamlFile): readonly Problem[] {
  const ranges: readonly (readonly [Path, string])[] = [
    [['requires', 'bitcartcc'], requires.bitcartcc],
    ...(requires.node === undefined ? [] : [[['requires', 'node'], requires.node] as const]),
    ...(['plugins', 'optional', 'conflicts'] as const).flatMap((key) =>
      Object.entries(requires[key] ?? {}).map(
        ([name, range]) => [['requires', key, name], range] as const,
      ),
    ),
  ]
  return [
    ...(valid(version) === version
      ? []
      : [notAVersion(version, 'a version like 1.0.0', read.at('version'), read.lineAt('version'))]),
    ...ranges
      .filter(([, range]) => !isRange(range))
      .map(([path, range]) =>
        notAVersion(range, 'a range like ^1.0.0', read.at(...path), read.lineAt(...path)),
      ),
  ]
}
