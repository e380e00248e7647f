import { realpathSync } from 'node:fs'
import type { Plugin } from 'vite'
import { hashOf } from '../cache/hash.ts'
import type { Surface } from '../model/bundles.ts'
import type { GeneratedTree } from '../model/generated-tree.ts'
import type { Plan } from '../model/plan.ts'

/** Path from the work folder → hash: all that is laid out there, but types that check writes while it is bundled. */
export type Staged = ReadonlyMap<string, string>

export function stagedFiles(plan: Pick<Plan, 'plugins'>, tree: GeneratedTree): Staged {
  const files = [
    ...[...tree].map(([path, text]) => [path, hashOf(text)] as const),
    ...plan.plugins.flatMap(({ release: { name }, files }) =>
      [...files].map(([path, hash]) => [`plugins/${name}/${path}`, hash] as const),
    ),
  ]
  return new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Of a plugin's files, those that no module can be. */
const isNoModule = (path: string) =>
  /^plugins\/[^/]+\/(migrations|templates|locales|plugin\.yaml)(\/|$)/.test(path)

/** Names of the files that an import may lead to: it is resolved the same as long as none comes or goes. */
export const names = (staged: Staged): readonly string[] =>
  [...staged.keys()].filter((path) => !isNoModule(path))

/** What a surface may read besides its modules: what styles and templates name, and what speaks of a whole package. */
const isBesideCode = (surface: Surface) => (path: string) =>
  /^plugins\/[^/]+\/package\.json$/.test(path) ||
  (surface !== 'server' &&
    path.startsWith('plugins/') &&
    !isNoModule(path) &&
    !/^plugins\/[^/]+\/services\//.test(path) &&
    !/\.(vue|[cm]?[jt]sx?|sql)$/.test(path))

/** One hash over what a surface was made of, as it is now. */
export function stateOf(surface: Surface, inputs: readonly string[], staged: Staged): string {
  const beside = [...staged.keys()].filter(isBesideCode(surface))
  const paths = [...new Set([...inputs, ...beside])].toSorted()
  return hashOf(...paths.flatMap((path) => [path, staged.get(path) ?? '']))
}

/**
 * Notes what each surface was made of: modules, and the files that components take types from; paths from the work folder.
 */
export function inputsPlugin(
  work: string,
  typesOf: (component: string) => readonly string[],
  inputs: Map<string, readonly string[]>,
): Plugin {
  const below = `${realpathSync(work).replaceAll('\\', '/')}/`
  return {
    name: 'compose:inputs',
    generateBundle() {
      const files = [...this.getModuleIds()].flatMap((id) => {
        const file = id.replace(/^\0/, '').split('?')[0] ?? id
        return [file, ...typesOf(file)].map((each) => each.replaceAll('\\', '/'))
      })
      const found = files
        .filter((file) => file.startsWith(below))
        .map((file) => file.slice(below.length))
      const { name } = this.environment
      if (!found.some((file) => file === 'server.ts' || file === `${name}/main.ts`))
        throw new Error(`what ${name} was made of is not known: its entry is not among it`)
      inputs.set(name, [...new Set(found)].toSorted())
    },
  }
}
