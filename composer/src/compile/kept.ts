import { builtinModules } from 'node:module'
import type { Plugin } from 'vite'
import { exactly } from './hook-filter.ts'

/**
 * The first entry of each surface, so that nothing of one plugin hangs on which others are selected: the bundler's helpers
 * that plugins may come to need have a chunk of their own, and Node's modules an order.
 */
export const keptEntry = '\0kept'

const helpers = [
  '__commonJSMin',
  '__esmMin',
  '__exportAll',
  '__reExport',
  '__require',
  '__toCommonJS',
  '__toESM',
]
const text = `export { ${helpers.join(', ')} } from '\\0rolldown/runtime.js'\n`

// The bundler orders the imports of a chunk by who imports them first.
const builtins = builtinModules
  .filter((name) => !/^_|^node:/.test(name))
  .toSorted()
  .map((name) => `import 'node:${name}'\n`)
  .join('')

export const kept: Plugin = {
  name: 'compose:kept',
  resolveId: { filter: { id: exactly([keptEntry]) }, handler: (id) => id },
  load: {
    filter: { id: exactly([keptEntry]) },
    handler() {
      return this.environment.name === 'server' ? builtins + text : text
    },
  },
}
