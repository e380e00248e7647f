import type { Problem } from '@bitcartcc/sdk/problem'
import type { ListedFacts, Manifest } from '@bitcartcc/sdk/manifest'
import type { Place } from './place.ts'

/** One version of one plugin, as the solver knows it: by its manifest, or by what a registry lists of that. */
export type Offered = Release | Listed

/** A release of which only what versions are chosen by is known; `lock` fetches the rest, and holds one against the other. */
export interface Listed extends Omit<Release, 'manifest' | 'isListed'> {
  readonly manifest: ListedFacts
  readonly isListed: true
}

/** One version of one plugin, known by its manifest alone. */
export interface Release {
  readonly name: string
  readonly version: string
  readonly manifest: Manifest
  readonly isListed?: undefined
  /** Absolute folder of its files; those of an archive lie there once `lock` has unpacked them. */
  readonly folder: string
  /** Absolute path of what a selection can name: the folder, or the archive. */
  readonly origin: string
  /** `sha512-…` of the archive's bytes, where it comes from one. */
  readonly integrity?: string
  /** Whether it comes from the one place that the selection names for this plugin. */
  readonly isOwn?: boolean
  /** Where its files are committed, where it comes from git. */
  readonly commit?: Commit
  /** The npm package it comes in; `integrity` and `url` are those of its tarball. */
  readonly npm?: string
  /** Address of the archive on a web server; `origin` is then where it lies once `lock` has fetched it. */
  readonly url?: string
  /** How the source is shown: `plugins/ratings`. */
  readonly source: string
  /** Place in the manifest of a path of keys; the nearest parent that exists. `at('requires', 'bitcartcc')` */
  readonly at: (...path: readonly (string | number)[]) => Place
  /** The one line of text that stands there, trimmed. */
  readonly lineAt: (...path: readonly (string | number)[]) => string
}
export interface Commit {
  /** The bare repository it lies in, absolute. */
  readonly repository: string
  readonly id: string
  readonly folder: string
}
/** Everything the solver may choose from. */
export interface Catalog {
  readonly core: {
    /** The one that is installed. */
    readonly version: string
    /** Every version that may be chosen. Default: the one that is installed. */
    readonly all?: readonly string[]
  }
  readonly releases: readonly Offered[]
  /** Name → what is wrong with its manifest; a problem only where the plugin is needed. */
  readonly broken?: ReadonlyMap<string, readonly Problem[]>
}
export interface Resolution {
  readonly core: string
  /** Sorted by name. */
  readonly plugins: readonly { readonly release: Offered; readonly askedBy: readonly string[] }[]
  /** What an operator should know about the choice, a line each. */
  readonly notices: readonly string[]
}
