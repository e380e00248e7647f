import { nearest } from '../read/nearest.ts'
import type { RunCommand } from './command.ts'

const verbs: Readonly<Record<string, () => Promise<RunCommand>>> = {
  new: async () => (await import('./plugin-new.ts')).newCommand,
  types: async () => (await import('./plugin-types.ts')).typesCommand,
  check: async () => (await import('./plugin-check.ts')).checkCommand,
  pack: async () => (await import('./plugin-pack.ts')).packCommand,
  inspect: async () => (await import('./plugin-inspect.ts')).inspectCommand,
}

/** `compose plugin VERB …`: what authors of plugins need. */
export const pluginCommand: RunCommand = async (command) => {
  const [verb = '', ...words] = command.words
  const load = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
  if (load) return (await load())({ ...command, words })
  const near = nearest(verb, Object.keys(verbs))
  const { helpText } = await import('./help.ts')
  const hint = near === undefined ? '' : ` Did you mean   compose plugin ${near}`
  command.tell(verb === '' ? '' : `compose plugin cannot ${verb}.${hint}\n\n`)
  command.tell(helpText('plugin'))
  return 2
}
