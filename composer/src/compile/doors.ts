import type { Surface } from '../model/bundles.ts'

/**
 * What may be imported of core, by plugins and by the wiring: each is an entry of core's own build and keeps every export,
 * so that the chunks of vendor and core do not depend on what is selected.
 */
export function doorsOf(surface: Surface): readonly string[] {
  return surface === 'server' ? ofServer : [...ofApps, `@bitcartcc/${surface}`]
}

const ofServer = [
  '@bitcartcc/sdk/server',
  '@bitcartcc/sdk/manifest',
  '@bitcartcc/sdk/resources',
  '@bitcartcc/server',
  '@bitcartcc/server/begin',
  '@bitcartcc/domain/embedded',
]

const ofApps = [
  'vue',
  'vue-router',
  '@bitcartcc/ui',
  '@bitcartcc/sdk/vue',
  '@bitcartcc/sdk/wiring',
  // What the compilers of components and of lazy imports put into the code that they make.
  '\0plugin-vue:export-helper',
  '\0vite/preload-helper.js',
]

/** `export *` leaves the default out, and Vue's helper is one. */
export const doorText = (door: string): string =>
  door === '\0plugin-vue:export-helper'
    ? `export { default } from ${JSON.stringify(door)}\n`
    : `export * from ${JSON.stringify(door)}\n`
