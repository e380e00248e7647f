import { builtinModules } from 'node:module'

/**
 * What plugins may import of core, re-exported whole: an entry keeps every export, so that the chunks of vendor and core
 * do not depend on what the selected plugins use.
 *
 * They are the first entries: the bundler orders what a chunk holds by who imports it first, and no plugin comes before.
 */
export const keeps = [
  ['client-runtime', selfish('client')],
  ['client-vue', "export * from 'vue'\n"],
  ['client-router', "export * from 'vue-router'\n"],
  ['client-ui', "export * from '@bitcartcc/ui'\n"],
  ['client-sdk', "export * from '@bitcartcc/sdk/vue'\n"],
  ['client-wiring', "export * from '@bitcartcc/sdk/wiring'\n"],
  ['server-runtime', selfish('server')],
  ['server-node', builtins()],
  ['server-core', everyOf(['domain', 'api', 'worker', 'server'])],
  ['server-sdk', "export * from '@bitcartcc/sdk/server'\n"],
  ['server-manifest', "export * from '@bitcartcc/sdk/manifest'\n"],
  ['server-resources', "export * from '@bitcartcc/sdk/resources'\n"],
] as const

/** A module that holds itself as a value needs the bundler's helper for that: so it always has its own chunk. */
function selfish(side: string): string {
  return `import * as itself from './${side}-runtime.ts'\n\nexport const held: object = { itself }\n`
}

function builtins(): string {
  const names = builtinModules.filter((name) => !/^_|^node:/.test(name)).toSorted()
  return `${names.map((name) => `import 'node:${name}'\n`).join('')}\nexport {}\n`
}

function everyOf(rooms: readonly string[]): string {
  return rooms.map((room) => `export * from '@bitcartcc/${room}'\n`).join('')
}
