import { createHash } from 'node:crypto'
import { glob, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Every file of a folder with the hash of its bytes, sorted; a whole tree as one comparable value. */
export async function hashesOf(
  folder: string,
  pattern = '**/*',
): Promise<Readonly<Record<string, string>>> {
  const found: [string, string][] = []
  for await (const file of glob(pattern, { cwd: folder })) {
    const path = join(folder, file)
    if (!(await stat(path)).isFile()) continue
    const hash = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
    found.push([file.replaceAll('\\', '/'), hash.slice(0, 16)])
  }
  return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
