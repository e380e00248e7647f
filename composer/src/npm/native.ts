import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolder } from '../house.ts'
import { platforms, type Platform } from '../model/platform.ts'

/** A package with machine code, and the package that a plugin asks for and gets it by; often the same. */
export interface NativePackage {
  readonly name: string
  readonly via: string
  /** What its machine code is for, as far as that was understood; sorted. */
  readonly platforms: readonly Platform[]
}

/** Plugin → the packages with machine code that it gets; what was looked at once lies beside the packages. */
export function nativePackages(
  folder: string,
  wanted: ReadonlyMap<string, object>,
): Readonly<Record<string, readonly NativePackage[]>> {
  return Object.fromEntries(
    [...wanted].flatMap(([plugin, ranges]) => {
      const home = join(folder, 'plugins', plugin)
      const found = Object.keys(ranges).flatMap((via) =>
        closureOf(home, [via])
          .filter(hasMachineCode)
          .map(({ name, folder: at }): NativePackage => ({
            name,
            via,
            platforms: platformsIn(at),
          })),
      )
      return found.length === 0 ? [] : [[plugin, found] as const]
    }),
  )
}

export interface InstalledPackage {
  readonly name: string
  readonly version: string
  /** Absolute, links followed. */
  readonly folder: string
  /** Those of its own dependencies that are installed, by name. */
  readonly needs: ReadonlyMap<string, InstalledPackage>
}

/** Packages and all that they need, each once, as they are installed for the folder that asks. */
export function closureOf(from: string, names: readonly string[]): readonly InstalledPackage[] {
  const seen = new Map<string, InstalledPackage>()
  const visit = (asking: string, name: string): InstalledPackage | undefined => {
    const folder = packageFolder(asking, name)
    if (folder === undefined) return undefined
    const known = seen.get(folder)
    if (known) return known
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      version: string
      dependencies?: Readonly<Record<string, string>>
      optionalDependencies?: Readonly<Record<string, string>>
      peerDependencies?: Readonly<Record<string, string>>
    } // npm's own format
    const needs = new Map<string, InstalledPackage>()
    const found: InstalledPackage = { name, version: manifest.version, folder, needs }
    seen.set(folder, found)
    const asked = {
      ...manifest.peerDependencies,
      ...manifest.optionalDependencies,
      ...manifest.dependencies,
    }
    for (const each of Object.keys(asked).toSorted()) {
      const needed = visit(folder, each)
      if (needed) needs.set(each, needed)
    }
    return found
  }
  for (const name of names) visit(from, name)
  return [...seen.values()]
}

const hasMachineCode = ({ folder }: InstalledPackage): boolean =>
  existsSync(join(folder, 'binding.gyp')) || addonsIn(folder).length > 0

/** Absolute. */
const addonsIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : addonsIn(path)
    return entry.name.endsWith('.node') ? [path] : []
  })

const platformsIn = (folder: string): readonly Platform[] => {
  const machines = addonsIn(folder).map(elfMachine)
  return platforms.filter((each) => machines.includes(elfMachines[each]))
}

/** `e_machine` of an ELF file, what Linux runs. Source: elf(5). */
const elfMachines = { 'linux/amd64': 62, 'linux/arm64': 183 } as const satisfies Record<
  Platform,
  number
>
function elfMachine(file: string): number | undefined {
  const head = Buffer.alloc(20)
  const opened = openSync(file, 'r')
  try {
    readSync(opened, head, 0, head.length, 0)
  } finally {
    closeSync(opened)
  }
  return head.toString('latin1', 0, 4) === '\x7fELF' ? head.readUInt16LE(18) : undefined
}
