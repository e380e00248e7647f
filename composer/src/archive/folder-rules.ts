import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { outcomeOf, type Outcome } from './rule.ts'
import { readTree, type TreeEntry } from './tree-rules.ts'
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
  return outcomeOf(() => readTree(entriesBelow(folder, '', isPart), limits))
}

function* entriesBelow(
  folder: string,
  below: string,
  isPart: (path: string, isFolder: boolean) => boolean,
): Generator<TreeEntry> {
  for (const name of readdirSync(join(folder, below))) {
    const path = below === '' ? name : `${below}/${name}`
    const stat = lstatSync(join(folder, path))
    if (!isPart(path, stat.isDirectory())) continue
    if (stat.isDirectory() && !stat.isSymbolicLink()) yield* entriesBelow(folder, path, isPart)
    else
      yield {
        path,
        kind: stat.isSymbolicLink() ? 'link' : stat.isFile() ? 'file' : 'special',
        sizeBytes: stat.size,
        read: () => readFileSync(join(folder, path)),
      }
  }
}
