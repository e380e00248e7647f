import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/**
 * The settings that the machine's own npm has for everybody, where there are some: a proxy, or who signs certificates.
 *
 * npm tells those whom it starts. Where it did not start us they lie beside the Node it belongs to; our own Node's are none.
 */
export function machineNpmrc(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const told = env['npm_config_globalconfig']
  if (told !== undefined) return told
  const program = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const folder = (env['PATH'] ?? '')
    .split(delimiter)
    .find((each) => !each.includes('node_modules') && existsSync(join(each, program)))
  const file = folder && join(dirname(folder), 'etc/npmrc')
  return file !== undefined && existsSync(file) ? file : undefined
}
