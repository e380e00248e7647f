import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import { shown } from '../views/shown.ts'

/** Every file of a distribution, as it was built. */
export interface WholeDistribution {
  /** Path → bytes, in the order of SHA256SUMS, itself last. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Hash of SHA256SUMS, which stands for the whole. */
  readonly sha256: string
}

export const sumsFile = 'SHA256SUMS'

/** Reads a distribution and holds every file against its SHA256SUMS; refuses where one is changed, gone or added. */
export function wholeDistribution(folder: string): WholeDistribution {
  const at = shown(folder)
  if (!existsSync(join(folder, sumsFile))) throw new Refused([noSums(at)])
  const sums = readFileSync(join(folder, sumsFile))
  const named = new Map(
    sums
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  )
  const files = new Map<string, Uint8Array>()
  const problems = [
    ...[...named].flatMap(([path, sum]) => {
      const file = join(folder, path)
      if (!existsSync(file)) return [gone(at, path)]
      const bytes = readFileSync(file)
      files.set(path, bytes)
      const found = sha256(bytes)
      return found === sum ? [] : [otherBytes(at, path, sum, found)]
    }),
    ...filesIn(folder)
      .filter((path) => path !== sumsFile && !named.has(path))
      .map((path) => added(at, path)),
  ]
  if (problems.length > 0) throw new Refused(problems)
  return { files: files.set(sumsFile, sums), sha256: sha256(sums) }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

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
  says: `${at} has no ${sumsFile}: it cannot be told what was built.`,
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
