import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { isMap, parseDocument, type Document } from 'yaml'
import type { Planned } from '../pipeline.ts'
import { cacheDir } from './environment.ts'
import type { Flags } from './command.ts'
import { isSelection } from './read-args.ts'
import { writing } from './writing.ts'

/** The words of `compose add` and `compose remove`: plugins, and a selection where one ends like a YAML file. */
export function namesAndFile(words: readonly string[]): {
  readonly names: readonly string[]
  readonly file: string
} {
  return {
    names: words.filter((word) => !isSelection(word)),
    file: words.find(isSelection) ?? 'selection.yaml',
  }
}

/** Plans a selection as it stands. */
export async function planOf(file: string, { out, offline }: Flags): Promise<Planned> {
  const { planSelection } = await import('../pipeline.ts')
  return planSelection(file, { out, cacheDir: cacheDir(), isOffline: offline })
}

/**
 * Changes a selection, its comments kept, where what comes out can be planned and `accept` has nothing against it;
 * otherwise the file is as it was.
 */
export async function editSelection(
  file: string,
  flags: Flags,
  edit: (document: Document) => void,
  accept: (planned: Planned) => void,
): Promise<Planned> {
  const before = readFileSync(file, 'utf8')
  const document = parseDocument(before)
  // Written by `compose init`; filled, it goes over lines.
  const plugins = document.get('plugins')
  if (isMap(plugins) && plugins.items.length === 0) plugins.flow = false
  edit(document)
  await put(file, document.toString({ lineWidth: 0 }))
  try {
    const planned = await planOf(file, flags)
    accept(planned)
    return planned
  } catch (error) {
    await put(file, before)
    throw error
  }
}

/** Takes an entry out of a table, and the table with its last one. */
export function takeFrom(document: Document, key: string, name: string): void {
  if (!document.hasIn([key, name])) return
  document.deleteIn([key, name])
  const table = document.get(key)
  if (isMap(table) && table.items.length === 0) document.delete(key)
}

const put = (file: string, text: string) =>
  writing(
    file,
    () => {
      writeFileSync(`${file}.part`, text)
      renameSync(`${file}.part`, file)
    },
    true,
  )
