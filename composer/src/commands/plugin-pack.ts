import { renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import { integrityOf } from '../archive/archive-bytes.ts'
import { readArchive } from '../archive/index.ts'
import { unsafeArchive } from '../archive/problems.ts'
import { writeArchive } from '../archive/write-archive.ts'
import { hashesOf, treeOf } from '../lock/tree.ts'
import { fileProblems } from '../plan/files.ts'
import { sizeText } from '../views/inspected.ts'
import type { Command, RunCommand } from './command.ts'
import { cacheDir } from './environment.ts'
import { selectionAlone } from './plugin-alone.ts'
import { factProblems } from './plugin-facts.ts'
import { pluginAt, type PluginAt } from './plugin-at.ts'
import { writing } from './writing.ts'

/** `compose plugin pack [FOLDER] [--prebuilt] [--out FILE|FOLDER]`: writes the archive of a plugin; the same folder gives the same bytes anywhere. */
export const packCommand: RunCommand = async ({ words, flags, print, tell }) => {
  const plugin = pluginAt(words[0] ?? '.')
  const problems = [...fileProblems(plugin), ...factProblems(plugin)]
  if (problems.length > 0) throw new Refused(problems)
  const { name, version } = plugin.release
  const own = `${name}-${version}.bitcartcc`
  const isFolder = statSync(flags.out ?? '', { throwIfNoEntry: false })?.isDirectory() ?? false
  const file = isFolder ? join(flags.out ?? '', own) : (flags.out ?? own)
  const files = flags.prebuilt ? await prebuilt(plugin, flags) : plugin.bytes
  const archive = writeArchive(files)
  // What cannot be read again is not handed out: a limit of archives may be what a folder exceeds.
  const read = readArchive(archive)
  if (!read.isSafe) throw new Refused([unsafeArchive(file, read.broken)])
  await writing(file, () => {
    writeFileSync(`${file}.part`, archive)
    renameSync(`${file}.part`, file)
  })
  const integrity = integrityOf(archive)
  const tree = treeOf(hashesOf(files))
  if (flags.json) {
    print(`${JSON.stringify({ file, name, version, integrity, tree })}\n`)
    return 0
  }
  if (!flags.quiet)
    tell(
      `${name} ${version}   ${files.size} files, ${sizeText(archive.length)}\n\n  integrity   ${integrity}\n  tree        ${tree}\n\n  Next, in selection.yaml:   ${name}: { archive: ./${file} }\n\n`,
    )
  print(`${file}\n`)
  return 0
}

/** The plugin checked, compiled, and with its npm packages inside. */
async function prebuilt(
  plugin: PluginAt,
  flags: Command['flags'],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const [{ checkPlugin }, { prebuild }, { machineCodeInside }, { corePackages }] =
    await Promise.all([
      import('../author.ts'),
      import('../prebuild/index.ts'),
      import('../prebuild/problems.ts'),
      import('../npm/core-packages.ts'),
    ])
  const { release, bytes } = plugin
  const { folder, native } = await checkPlugin(await selectionAlone(plugin), release.name, {
    cacheDir: cacheDir(),
    isOffline: flags.offline,
  })
  if (native.length > 0) throw new Refused([machineCodeInside(release.name, native)])
  const core = [...corePackages().keys()]
  return prebuild({ manifest: release.manifest, files: bytes, folder, core })
}
