import { shown } from '../views/shown.ts'
import type { RunCommand } from './command.ts'
import { distributionFolder } from './distribution-folder.ts'
import { sumsFile, wholeDistribution } from './whole-distribution.ts'

/** `compose verify [dist/NAME]`: holds every file of a distribution against its SHA256SUMS; nothing may be changed, gone or added. */
export const verifyCommand: RunCommand = ({ words, flags, print, tell }) => {
  const folder = distributionFolder(words[0], 'verify')
  const { files, sha256 } = wholeDistribution(folder)
  const at = shown(folder)
  const count = files.size - 1
  if (flags.json) print(`${JSON.stringify({ folder: at, files: count, sha256 })}\n`)
  else {
    if (!flags.quiet) tell(`  ${count} files are as they were built.\n\n`)
    print(`${sha256}  ${at}/${sumsFile}\n`)
  }
  return Promise.resolve(0)
}
