import type { Problem } from '@bitcartcc/sdk/problem'
import type { EnvVariable } from '../model/plan.ts'
import { nearest } from '../read/nearest.ts'
import { unknownPlaceholder } from './service-problems.ts'
import type { PluginService } from './services.ts'
import type { Sourced, Table } from './sourced.ts'

/**
 * Placeholders of a fragment that are no variables of its own plugin.
 *
 * docker-compose fills them in from the operator's .env: a fragment that names another's variable would read its secret, and
 * one that nobody declares would be empty without a word.
 */
export function placeholderProblems(
  written: ReadonlyMap<PluginService, Table>,
  variables: readonly EnvVariable[],
): readonly Problem[] {
  return [...written].flatMap(([service, table]) => {
    const leaves = leavesWithPlaceholders(table)
    if (leaves.length === 0) return []
    const { name: plugin } = service.plugin.release
    const own = variables.filter(({ owner }) => owner === plugin).map(({ name }) => name)
    return leaves.flatMap(({ value, by, at }) =>
      placeholdersIn(value)
        .filter((name) => !own.includes(name))
        .map((name) => unknownPlaceholder(plugin, name, [by, at, value], nearest(name, own))),
    )
  })
}

interface Text {
  readonly value: string
  readonly by: string
  readonly at: string
}

function leavesWithPlaceholders(root: Table): readonly Text[] {
  const found: Text[] = []
  const walk = (node: Sourced): void => {
    if (node.kind === 'table') node.entries.forEach(walk)
    else if (node.kind === 'list') node.items.forEach(walk)
    else if (typeof node.value === 'string' && node.value.includes('$'))
      found.push({ value: node.value, by: node.origin.by, at: node.origin.at ?? '' })
  }
  walk(root)
  return found
}

/** Names in `$NAME` and `${NAME:-…}`, those inside of another as well; `$$` is a dollar sign, and a lone `$` has no name. */
function placeholdersIn(text: string): readonly string[] {
  const found = text.matchAll(/\$\$|\$\{?([A-Za-z_][A-Za-z0-9_]*)?/g)
  return [...found].flatMap(([whole, name = '']) => (whole === '$$' ? [] : [name]))
}
