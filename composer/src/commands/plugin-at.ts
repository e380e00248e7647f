import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import { archiveBytes, integrityOf } from '../archive/archive-bytes.ts'
import { readFolder } from '../archive/folder-rules.ts'
import { readArchive } from '../archive/index.ts'
import { builtInLimits } from '../archive/limits.ts'
import { noPlugin, unsafeArchive, unsafeFolder } from '../archive/problems.ts'
import { isPartOfPlugin } from '../cache/folder-files.ts'
import { hashesOf, treeOf } from '../lock/tree.ts'
import type { LockedPlugin } from '../model/lock.ts'
import { capabilitiesOf } from '../read/capabilities.ts'
import { readRelease } from '../sources/read-release.ts'
import { shown } from '../views/shown.ts'

export interface PluginAt extends LockedPlugin {
  readonly bytes: ReadonlyMap<string, Buffer>
  /** The archive as it lies there, where it is one. */
  readonly archive?: Buffer
}

/** Reads a plugin from its folder or its archive, under the rules that a build has for it; runs and unpacks nothing. */
export function pluginAt(word: string): PluginAt {
  const path = resolve(word)
  const stat = statSync(path, { throwIfNoEntry: false })
  const isArchive = stat?.isFile() ?? false
  const source = shown(path)
  const manifest = statSync(`${path}/plugin.yaml`, { throwIfNoEntry: false })
  if (!stat || (!isArchive && !manifest)) throw new Refused([noPlugin(source)])
  const { bytes, archive } = isArchive ? filesOfArchive(path, source) : filesOfFolder(path, source)
  const release = readRelease({ path, isArchive }, source, {
    limits: builtInLimits,
    cacheDir: path,
  })
  if (!('manifest' in release)) throw new Refused(release.problems)
  const files = hashesOf(bytes)
  return {
    release,
    files,
    tree: treeOf(files),
    capabilities: capabilitiesOf(bytes, release.manifest),
    bytes,
    ...(archive === undefined ? {} : { archive }),
  }
}

interface Files {
  readonly bytes: ReadonlyMap<string, Buffer>
  readonly archive?: Buffer
}

function filesOfFolder(folder: string, source: string): Files {
  const read = readFolder(folder, isPartOfPlugin, builtInLimits)
  if (!read.isSafe) throw new Refused([unsafeFolder(source, read.broken, [])])
  return { bytes: read.value }
}

function filesOfArchive(file: string, source: string): Files {
  const archive = archiveBytes(file, builtInLimits)
  const read = archive.isSafe ? readArchive(archive.value) : archive
  if (archive.isSafe && read.isSafe) return { bytes: read.value, archive: archive.value }
  if (read.isSafe) throw new Error('an archive without bytes cannot be read')
  const known = archive.isSafe ? { integrity: integrityOf(archive.value) } : {}
  throw new Refused([unsafeArchive(source, read.broken, known)])
}
