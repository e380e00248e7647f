/** `default`: what npm's own settings say, in the environment or in a file of the operator's. */
export async function addressOf(registry: string): Promise<string> {
  if (registry !== 'default') return registry
  const given = process.env['npm_config_registry'] ?? process.env['NPM_CONFIG_REGISTRY']
  return given !== undefined && given !== '' ? given : ((await setting('registry')) ?? '')
}

/** Where npm looks for the packages of a scope, `@bitcartcc`; the same as for all others where nothing is said. */
export const addressOfScope = async (scope: string): Promise<string> =>
  (await setting(`${scope}:registry`)) ?? addressOf('default')

async function setting(name: string): Promise<string | undefined> {
  // Few builds run another program here: the others need not load what runs it.
  const { execa } = await import('execa')
  const asked = await execa('npm', ['config', 'get', name], { reject: false, stdin: 'ignore' })
  const said = asked.stdout?.trim() ?? ''
  return said === '' || said === 'undefined' ? undefined : said
}
