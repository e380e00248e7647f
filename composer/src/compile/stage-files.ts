import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import { hashOfFile } from '../cache/hash.ts'
import type { Paths } from '../cache/paths.ts'
import { modulesFolder } from '../house.ts'
import type { GeneratedTree } from '../model/generated-tree.ts'
import type { Plan } from '../model/plan.ts'
import type { Release } from '../model/release.ts'
import { savedMeanwhile } from './problems.ts'
import { hasServerCode, othersOf, pluginGen } from '../types/plugin-gen.ts'

/**
 * Lays the generated tree and the plugins' files into the work folder, which then holds nothing else; gives the plan with
 * the folders that its plugins have there. Refuses a file that has other bytes than those that were planned with.
 *
 * A plugin without its `plugin.gen.ts` gets one that knows no table yet: check will write it, and what it does is the same.
 * Each plugin sees its own npm packages by a link; what core's packages are is known by the work folder's link.
 */
export function stageFiles(plan: Plan, tree: GeneratedTree, paths: Paths): Plan {
  const others = othersOf(plan.plugins.map(({ release }) => release.manifest))
  rmSync(paths.work, { recursive: true, force: true })
  mkdirSync(paths.work, { recursive: true })
  symlinkSync(modulesFolder(), join(paths.work, 'node_modules'))
  for (const [path, text] of tree) write(join(paths.work, path), text)
  const target = ({ name }: Release) => join(paths.work, 'plugins', name)
  const changed: Problem[] = []
  for (const { release, files, modules } of plan.plugins) {
    const folder = target(release)
    for (const [path, hash] of files) {
      // Speaks of the folder it came from; the work folder has its own.
      if (/^tsconfig[^/]*\.json$/.test(path)) continue
      const bytes = bytesAt(join(release.folder, path))
      if (bytes && hashOfFile(bytes) === hash) write(join(folder, path), bytes)
      else changed.push(savedMeanwhile(release, path, bytes === undefined))
    }
    const gen = join(release.folder, 'plugin.gen.ts')
    if (existsSync(gen)) write(join(folder, 'plugin.gen.ts'), readFileSync(gen, 'utf8'))
    else if (hasServerCode(release.manifest))
      write(join(folder, 'plugin.gen.ts'), pluginGen(release.manifest, others, {}))
    if (modules !== undefined) symlinkSync(modules, join(folder, 'node_modules'))
  }
  if (changed.length > 0) throw new Refused(changed)
  const plugins = plan.plugins.map((each) => ({
    ...each,
    release: { ...each.release, folder: target(each.release) },
  }))
  return { ...plan, plugins }
}

function bytesAt(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined // Node's file errors carry a code
    throw error
  }
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}
