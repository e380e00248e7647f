import type { Problem } from '@bitcartcc/sdk/problem'
import type { Paths } from '../cache/paths.ts'
import type { Surface } from '../model/bundles.ts'

/** Packages of one plugin that are shipped as they are, because they bring machine code. */
export interface NativeOfPlugin {
  readonly plugin: string
  readonly packages: readonly string[]
  /** Kinds of machine it is for, `linux-x64`. */
  readonly machines: readonly string[]
}

/** What the bundling child is told. */
export interface CompileTask {
  readonly paths: Paths
  readonly surfaces: readonly Surface[]
  /** Folder for what it makes: `server/`, `public/admin`, `public/store`. */
  readonly out: string
  /** Service → absolute file of its program. */
  readonly services: Readonly<Record<string, string>>
  /** Plugins with machine code among their npm packages. */
  readonly natives: readonly NativeOfPlugin[]
  /** Hash of core, of this composer and of the npm packages both stand on. */
  readonly coreHash: string
}

/** What it answers. */
export interface CompileAnswer {
  /** Surface → what it was made of: paths from the work folder. Absent where there are problems. */
  readonly inputs?: Readonly<Record<string, readonly string[]>>
  readonly problems?: readonly Problem[]
}
