import { cpSync, mkdirSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import type { Plugin } from 'vite'
import type { Paths } from '../cache/paths.ts'
import { closureOf, type InstalledPackage } from '../npm/native.ts'
import type { NativeOfPlugin } from './task.ts'

/**
 * Leaves packages with machine code out of the server's bundle: an import of one loads it from `native/<plugin>/`.
 *
 * It is required, not imported: that takes packages of both kinds, and a bundler reads any name off it.
 */
export function nativePackages(paths: Paths, natives: readonly NativeOfPlugin[]): Plugin {
  const folderOf = (plugin: string) => `${join(paths.work, 'plugins', plugin)}${sep}`
  const doorOf = (plugin: string) => `${folderOf(plugin)}native-door.mjs`
  const stubs = new Map<string, { readonly plugin: string; readonly wanted: string }>()
  return {
    name: 'compose:native-packages',
    enforce: 'pre',
    applyToEnvironment: ({ name }) => name === 'server' && natives.length > 0,
    resolveId(wanted, importer = '') {
      if (natives.some(({ plugin }) => wanted === doorOf(plugin))) return wanted
      const asked = natives.filter(({ packages }) =>
        packages.some((each) => wanted === each || wanted.startsWith(`${each}/`)),
      )
      // A package that one plugin's package imports was granted to the plugin that has it.
      const found = asked.find(({ plugin }) => importer.startsWith(folderOf(plugin))) ?? asked[0]
      if (!found) return undefined
      const id = `${folderOf(found.plugin)}native-${wanted.replaceAll(/[^a-z0-9-]/gi, '-')}.cjs`
      stubs.set(id, { plugin: found.plugin, wanted })
      return id
    },
    load(id) {
      const stub = stubs.get(id)
      if (stub)
        return `module.exports = require(${JSON.stringify(doorOf(stub.plugin))}).door(${JSON.stringify(stub.wanted)})\n`
      const opened = natives.find(({ plugin }) => id === doorOf(plugin))
      return opened && doorText(opened)
    },
  }
}

/** A chunk lies in the distribution's folder, or in one folder of it. */
const doorText = ({
  plugin,
  machines,
}: NativeOfPlugin) => `import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
const here = import.meta.dirname
const top = ['chunks', 'services'].includes(basename(here)) ? dirname(here) : here
const machine = \`\${process.platform}-\${process.arch}\`
if (!${JSON.stringify(machines)}.includes(machine))
  throw new Error(\`This distribution runs on ${machines.join(' and ')}, for its plugin ${plugin} brings machine code; this machine is \${machine}. Build it for a machine of this kind.\`)
export const door = createRequire(join(top, 'native', ${JSON.stringify(plugin)}, 'door.cjs'))
`

/** Copies packages and all that they need to `native/<plugin>/node_modules`, laid out as npm would. */
export function shipNative(
  { plugin, packages }: NativeOfPlugin,
  paths: Paths,
  folder: string,
): void {
  const home = join(paths.work, 'plugins', plugin)
  const top = join(folder, 'native', plugin, 'node_modules')
  const shipped = new Map<string, string>()
  const ship = (each: InstalledPackage, beside: string, chain: readonly string[] = []): void => {
    if (chain.includes(each.folder)) return
    const atTop = shipped.get(each.name)
    // A second version of a package lies with the one that needs it.
    const place = atTop === undefined || atTop === each.folder ? top : beside
    const to = join(place, each.name)
    if (place === top && atTop !== undefined) return
    if (place === top) shipped.set(each.name, each.folder)
    mkdirSync(dirname(to), { recursive: true })
    cpSync(each.folder, to, {
      recursive: true,
      dereference: true,
      filter: (path) => basename(path) !== 'node_modules',
    })
    for (const needed of each.needs.values())
      ship(needed, join(to, 'node_modules'), [...chain, each.folder])
  }
  for (const name of packages) {
    const found = closureOf(home, [name]).find((each) => each.name === name)
    if (found) ship(found, top)
  }
}
