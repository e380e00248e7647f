import { randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isRunning, processStart } from '@bitcartcc/domain/process-start'

// Beside `dist/corner-shop`: `.corner-shop.new-<pid>-<start>-<random>` is being made, `.corner-shop.old-…` stepped aside.
const tagged = (out: string, kind: 'new' | 'old') => {
  const { pid } = process
  const tag = [kind, pid, processStart(pid), randomBytes(4).toString('hex')].join('-')
  return join(dirname(out), `.${basename(out)}.${tag}`)
}

/** A folder that stands beside the place of a distribution, on the same disk, so that it can be renamed into it. */
export interface Beside {
  readonly folder: string
  /** The uppermost folder that had to be made for it; itself where all above was there. */
  readonly uppermost: string
}

/** Makes an empty one. */
export function makeBeside(out: string): Beside {
  const folder = tagged(out, 'new')
  return { folder, uppermost: mkdirSync(folder, { recursive: true }) ?? folder }
}

/** Takes one away with all in it, and what was made for it as far as nothing else has come to stand there. */
export function takeAway({ folder, uppermost }: Beside): void {
  rmSync(folder, { recursive: true, force: true })
  for (let above = folder; above !== uppermost;) {
    above = dirname(above)
    try {
      rmdirSync(above)
    } catch {
      return
    }
  }
}

/** Where the distribution that was built before the present one is kept. */
export const formerOf = (out: string): string => join(dirname(out), `.${basename(out)}.former`)

/**
 * Puts the folder into its place; the old one steps aside first and is taken away after.
 *
 * Where it `isKept` it becomes the former one instead, if its checksums say that it is another.
 */
export function putInPlace(folder: string, out: string, isKept = false): void {
  const aside = tagged(out, 'old')
  for (let attempt = 1; ; attempt++) {
    if (existsSync(out)) renameSync(out, aside)
    try {
      renameSync(folder, out)
      break
    } catch (error) {
      if (existsSync(aside) && !existsSync(out)) renameSync(aside, out)
      // Another build of the same distribution came in between.
      const isTaken = ['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '') // Node's file errors carry a code
      if (!isTaken || attempt === 5) throw error
    }
  }
  if (isKept && existsSync(aside) && !isSame(aside, out)) {
    // By renames: cut anywhere, the former one is whole or not there.
    const older = tagged(out, 'old')
    if (existsSync(formerOf(out))) renameSync(formerOf(out), older)
    renameSync(aside, formerOf(out))
    rmSync(older, { recursive: true, force: true })
  }
  rmSync(aside, { recursive: true, force: true })
}

const isSame = (a: string, b: string) => sumsOf(a) === sumsOf(b)
const sumsOf = (folder: string) => {
  const file = join(folder, 'SHA256SUMS')
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

/** Mends what a killed build left: puts the old distribution back where its place is empty, and takes half-made ones away. */
export function mend(out: string): void {
  const parent = dirname(out)
  if (!existsSync(parent)) return
  const pattern = new RegExp(`^\\.${escaped(basename(out))}\\.(new|old)-(\\d+)-(\\d*)-[0-9a-f]{8}$`)
  const left = readdirSync(parent).flatMap((name) => {
    const [, kind, pid, start = ''] = pattern.exec(name) ?? []
    return kind && !isRunning(Number(pid), start) ? [{ kind, path: join(parent, name) }] : []
  })
  const newestOld = left
    .filter(({ kind }) => kind === 'old')
    .toSorted((a, b) => statSync(b.path).ctimeMs - statSync(a.path).ctimeMs)[0]
  if (newestOld && !existsSync(out)) renameSync(newestOld.path, out)
  for (const { path } of left) rmSync(path, { recursive: true, force: true })
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
