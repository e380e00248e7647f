import type { Files } from '../cache/cache.ts'

/** Core and its npm packages for one surface, compiled; nothing of it hangs on what is selected. */
export interface CoreBundle {
  /** Path below the folder of the surface's output, `chunks/core-Dg6fZyIJ.js` → bytes. */
  readonly files: Files
  readonly map: CoreMap
}

export interface CoreMap {
  /** What can be imported: door → exported name → the file that has it, and its name there. */
  readonly doors: Readonly<Record<string, Readonly<Record<string, readonly [string, string]>>>>
  /** File → the files it imports. */
  readonly imports: Readonly<Record<string, Imports>>
}
export interface Imports {
  readonly static: readonly string[]
  readonly lazy: readonly string[]
  readonly css: readonly string[]
}

/** All files that some files lead to, those that are imported before those that import them. */
export function reached(
  { imports }: CoreMap,
  first: Iterable<string>,
  of: (imported: CoreMap['imports'][string]) => readonly string[],
): readonly string[] {
  const found = new Set<string>()
  const order: string[] = []
  const visit = (file: string) => {
    const imported = imports[file]
    if (found.has(file) || !imported) return
    found.add(file)
    for (const each of of(imported)) visit(each)
    order.push(file)
  }
  for (const file of first) visit(file)
  return order
}
