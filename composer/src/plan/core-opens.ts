import type { OpenRule } from '@bitcartcc/sdk/manifest'

const program: Readonly<Record<string, OpenRule>> = {
  'deploy.resources.limits.cpus': 'max',
  'deploy.resources.limits.memory': 'max',
  environment: 'same',
  networks: 'union',
  volumes: 'union',
}
/** The paths of core's services that plugins may add to. */
export const coreOpens: Readonly<Record<string, Readonly<Record<string, OpenRule>>>> = {
  api: program,
  worker: program,
  database: { 'deploy.resources.limits.memory': 'max' },
  proxy: { networks: 'union' },
}
