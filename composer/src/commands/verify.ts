import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import { shown } from '../views/shown.ts'
import type { RunCommand } from './command.ts'
import { distributionFolder } from './distribution-folder.ts'

const list = 'SHA256SUMS'

/** `compose verify [dist/NAME]`: holds every file of a distribution against its SHA256SUMS; nothing may be changed, gone or added. */
export const verifyCommand: RunCommand = ({ words, flags, print, tell }) => {
  const folder = distributionFolder(words[0], 'verify')
  const at = shown(folder)
  if (!existsSync(join(folder, list))) throw new Refused([noSums(at)])
  const text = readFileSync(join(folder, list), 'utf8')
  const sums = new Map(
    text
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  )
  const problems = [
    ...[...sums].flatMap(([path, sum]) => {
      const file = join(folder, path)
      if (!existsSync(file)) return [gone(at, path)]
      const found = sha256(readFileSync(file))
      return found === sum ? [] : [otherBytes(at, path, sum, found)]
    }),
    ...filesIn(folder)
      .filter((path) => path !== list && !sums.has(path))
      .map((path) => added(at, path)),
  ]
  if (problems.length > 0) throw new Refused(problems)
  const digest = sha256(text)
  if (flags.json) print(`${JSON.stringify({ folder: at, files: sums.size, sha256: digest })}\n`)
  else {
    if (!flags.quiet) tell(`  ${sums.size} files are as they were built.\n\n`)
    print(`${digest}  ${at}/${list}\n`)
  }
  return Promise.resolve(0)
}

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .toSorted()

const again = 'Build it again, with --frozen for the same versions:   compose build --frozen'

const noSums = (at: string): Problem => ({
  code: 'verify/no-sums',
  says: `${at} has no ${list}: it cannot be told what was built.`,
  fix: [again],
})
const otherBytes = (at: string, path: string, built: string, found: string): Problem => ({
  code: 'verify/other-bytes',
  says: `${at}/${path} is not what was built.`,
  facts: [
    ['built', built],
    ['found', found],
  ],
  fix: [again],
})
const gone = (at: string, path: string): Problem => ({
  code: 'verify/gone',
  says: `${at}/${path} is gone.`,
  fix: [again],
})
const added = (at: string, path: string): Problem => ({
  code: 'verify/added',
  says: `${at}/${path} was added after the build.`,
  fix: ['Keep what is yours outside of the distribution, which the next build replaces.'],
})
