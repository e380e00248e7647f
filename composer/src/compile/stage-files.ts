import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Paths } from '../cache/paths.ts'
import { modulesFolder } from '../house.ts'
import type { GeneratedTree } from '../model/generated-tree.ts'
import type { Plan } from '../model/plan.ts'
import { hasServerCode, othersOf, pluginGen } from '../types/plugin-gen.ts'

/**
 * Lays the generated tree and the plugins' files into the work folder, which then holds nothing else.
 *
 * A plugin without its `plugin.gen.ts` gets one that knows no table yet: check will write it, and what it does is the same.
 * Each plugin sees its own npm packages by a link; what core's packages are is known by the work folder's link.
 */
export function stageFiles(plan: Plan, tree: GeneratedTree, paths: Paths): void {
  const others = othersOf(plan.plugins.map(({ release }) => release.manifest))
  rmSync(paths.work, { recursive: true, force: true })
  mkdirSync(paths.work, { recursive: true })
  symlinkSync(modulesFolder(), join(paths.work, 'node_modules'))
  for (const [path, text] of tree) write(join(paths.work, path), text)
  for (const { release, files, modules } of plan.plugins) {
    const target = join(paths.work, 'plugins', release.name)
    for (const path of files.keys()) {
      // Speaks of the folder it came from; the work folder has its own.
      if (/^tsconfig[^/]*\.json$/.test(path)) continue
      mkdirSync(dirname(join(target, path)), { recursive: true })
      cpSync(join(release.folder, path), join(target, path))
    }
    const gen = join(release.folder, 'plugin.gen.ts')
    if (existsSync(gen)) write(join(target, 'plugin.gen.ts'), readFileSync(gen, 'utf8'))
    else if (hasServerCode(release.manifest))
      write(join(target, 'plugin.gen.ts'), pluginGen(release.manifest, others, {}))
    if (modules !== undefined) symlinkSync(modules, join(target, 'node_modules'))
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
