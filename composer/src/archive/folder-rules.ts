import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { collision } from './collisions.ts'
import { contentReason, pathReason, reservedReason } from './path-rules.ts'
import { breaks, outcomeOf, type Outcome } from './rule.ts'
import type { Limits } from './limits.ts'

/**
 * Reads the files of a plugin's folder under the rules of an archive: path → bytes, sorted.
 *
 * What is never part of a plugin is passed over by `isPart`; whatever else is there must be a file or a folder with a
 * safe name. A link is refused, wherever it leads.
 */
export function readFolder(
  folder: string,
  isPart: (path: string, isFolder: boolean) => boolean,
  limits: Limits,
): Outcome<ReadonlyMap<string, Buffer>> {
  return outcomeOf(() => {
    const paths: string[] = []
    const walk = (below: string) => {
      for (const name of readdirSync(join(folder, below))) {
        const path = below === '' ? name : `${below}/${name}`
        const stat = lstatSync(join(folder, path))
        if (!isPart(path, stat.isDirectory())) continue
        const unsafe = pathReason(path)
        if (unsafe !== undefined) breaks('E_ZIP_PATH', unsafe, { name: path })
        const reserved = reservedReason(path)
        if (reserved !== undefined) breaks('E_ZIP_CONTENT', reserved, { name: path })
        if (stat.isSymbolicLink()) breaks('E_ZIP_TYPE', 'link', { name: path })
        if (stat.isDirectory()) walk(path)
        else if (!stat.isFile()) breaks('E_ZIP_TYPE', 'special', { name: path })
        else if (stat.size > limits.entryBytes) breaks('E_ZIP_LIMIT', 'entry-size', { name: path })
        else paths.push(path)
        if (paths.length > limits.entries) breaks('E_ZIP_LIMIT', 'entries')
      }
    }
    walk('')
    paths.sort((a, b) => (a < b ? -1 : 1))
    const met = collision(paths.map((path) => ({ path, isFolder: false })))
    if (met) breaks('E_ZIP_COLLISION', met.reason, { name: paths[met.at] ?? '' })
    let totalBytes = 0
    return new Map(
      paths.map((path) => {
        const bytes = readFileSync(join(folder, path))
        const reason = contentReason(path, bytes)
        if (reason !== undefined) breaks('E_ZIP_CONTENT', reason, { name: path })
        totalBytes += bytes.length
        if (totalBytes > limits.totalBytes) breaks('E_ZIP_LIMIT', 'total-size', { name: path })
        return [path, bytes]
      }),
    )
  })
}
