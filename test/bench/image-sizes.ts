import { existsSync } from 'node:fs'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { root } from '../support/compose.ts'

/** What stands on the same Debian and the same Node in two images: ours, and one of `node:24-slim` with node_modules. */
export interface ImageSize {
  readonly name: string
  readonly bytes: number
  readonly files: number
  /** npm packages as folders; in ours they are inside of the bundles. */
  readonly packages: number
}

/** The programs that an image without a build step would install production packages for. */
const programs = ['core/server', 'core/api', 'core/worker', 'core/domain']

/**
 * The files of a distribution, apps included, beside the production packages that npm would install for its server and
 * the plugins of its selection, each version once. Of `node:24-slim` neither npm, Yarn nor headers are counted.
 */
export async function imageSizes(
  distribution: string,
  plugins: readonly string[],
): Promise<readonly ImageSize[]> {
  const folders = [...programs, ...plugins.map((name) => `plugins/${name}`)]
  const found = new Set<string>()
  for (const folder of folders) await addPackages(join(root, folder), found)
  const packages = [...found].filter((folder) => folder.includes('node_modules'))
  const sizes = await Promise.all(packages.map(weigh))
  return [
    { name: 'this image', packages: 0, ...(await weigh(distribution)) },
    {
      name: 'node_modules',
      packages: packages.length,
      bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
      files: sizes.reduce((sum, { files }) => sum + files, 0),
    },
  ]
}

/** A package and what it needs at run time, as real folders. */
async function addPackages(at: string, found: Set<string>): Promise<void> {
  const folder = await realpath(at)
  if (found.has(folder) || !existsSync(join(folder, 'package.json'))) return
  found.add(folder)
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  ) as Readonly<Record<string, Readonly<Record<string, string>>>> // npm's own
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const inner = lookedUp(folder, name)
    // One for another kind of machine is not there.
    if (inner) await addPackages(inner, found)
  }
}

/** Where Node would find a package from a folder. */
function lookedUp(from: string, name: string): string | undefined {
  for (let folder = from; dirname(folder) !== folder; folder = dirname(folder)) {
    const at = join(folder, 'node_modules', name)
    if (existsSync(at)) return at
  }
  return undefined
}

async function weigh(folder: string): Promise<{ readonly bytes: number; readonly files: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.slice(folder.length).includes('node_modules'))
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size))
  return { bytes: sizes.reduce((sum, bytes) => sum + bytes, 0), files: paths.length }
}
