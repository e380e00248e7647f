import { renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import { integrityOf } from '../archive/archive-bytes.ts'
import { readArchive } from '../archive/index.ts'
import { unsafeArchive } from '../archive/problems.ts'
import { writeArchive } from '../archive/write-archive.ts'
import { fileProblems } from '../plan/files.ts'
import { sizeText } from '../views/inspected.ts'
import type { RunCommand } from './command.ts'
import { pluginAt } from './plugin-at.ts'
import { writing } from './writing.ts'

/** `compose plugin pack [FOLDER] [--out FILE|FOLDER]`: writes the archive of a plugin; the same folder gives the same bytes anywhere. */
export const packCommand: RunCommand = async ({ words, flags, print, tell }) => {
  const plugin = pluginAt(words[0] ?? '.')
  const problems = fileProblems(plugin)
  if (problems.length > 0) throw new Refused(problems)
  const { name, version } = plugin.release
  const own = `${name}-${version}.bitcartcc`
  const isFolder = statSync(flags.out ?? '', { throwIfNoEntry: false })?.isDirectory() ?? false
  const file = isFolder ? join(flags.out ?? '', own) : (flags.out ?? own)
  const archive = writeArchive(plugin.bytes)
  // What cannot be read again is not handed out: a limit of archives may be what a folder exceeds.
  const read = readArchive(archive)
  if (!read.isSafe) throw new Refused([unsafeArchive(file, read.broken)])
  await writing(file, () => {
    writeFileSync(`${file}.part`, archive)
    renameSync(`${file}.part`, file)
  })
  const integrity = integrityOf(archive)
  if (flags.json) {
    print(`${JSON.stringify({ file, name, version, integrity, tree: plugin.tree })}\n`)
    return 0
  }
  if (!flags.quiet)
    tell(
      `${name} ${version}   ${plugin.bytes.size} files, ${sizeText(archive.length)}\n\n  integrity   ${integrity}\n  tree        ${plugin.tree}\n\n  Next, in selection.yaml:   ${name}: { archive: ./${file} }\n\n`,
    )
  print(`${file}\n`)
  return 0
}
