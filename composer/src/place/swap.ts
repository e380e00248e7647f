import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

// Beside `dist/corner-shop`: `.corner-shop.new-<pid>-<random>` is being made, `.corner-shop.old-…` stepped aside.
const tagged = (out: string, kind: 'new' | 'old') =>
  join(dirname(out), `.${basename(out)}.${kind}-${process.pid}-${randomBytes(4).toString('hex')}`)

/** Makes an empty folder beside the place of a distribution, on the same disk, so that it can be renamed into it. */
export function makeBeside(out: string): string {
  const folder = tagged(out, 'new')
  mkdirSync(folder, { recursive: true })
  return folder
}

/** Puts the folder into its place; the old one steps aside first and is taken away after. */
export function putInPlace(folder: string, out: string): void {
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
  rmSync(aside, { recursive: true, force: true })
}

/** Mends what a killed build left: puts the old distribution back where its place is empty, and takes half-made ones away. */
export function mend(out: string): void {
  const parent = dirname(out)
  if (!existsSync(parent)) return
  const pattern = new RegExp(`^\\.${escaped(basename(out))}\\.(new|old)-(\\d+)-[0-9a-f]{8}$`)
  const left = readdirSync(parent).flatMap((name) => {
    const [, kind, pid] = pattern.exec(name) ?? []
    return kind && !isAtWork(Number(pid), join(parent, name))
      ? [{ kind, path: join(parent, name) }]
      : []
  })
  const newestOld = left
    .filter(({ kind }) => kind === 'old')
    .toSorted((a, b) => statSync(b.path).ctimeMs - statSync(a.path).ctimeMs)[0]
  if (newestOld && !existsSync(out)) renameSync(newestOld.path, out)
  for (const { path } of left) rmSync(path, { recursive: true, force: true })
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A number may be another program's by now: what is older than a day is nobody's. */
function isAtWork(pid: number, path: string): boolean {
  if (Date.now() - statSync(path).ctimeMs > 86_400_000) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // it lives, and is another user's
  }
}
