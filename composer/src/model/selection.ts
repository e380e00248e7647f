import type { Limits } from '../archive/limits.ts'
import type { Located, Place } from './place.ts'
import type { Platform } from './platform.ts'

/** What the operator asked for, `selection.yaml`, with the place of every value. */
export interface Selection {
  /** Absolute path of the file, and how problems name it. */
  readonly file: string
  readonly shownAs: string
  readonly folder: string
  readonly distribution: Located<string>
  readonly core: Located<string>
  /** Folders that hold plugin folders and archives, absolute. Default: `./plugins` beside the selection, and the workspace's own. */
  readonly sources: readonly Located<string>[]
  /** Addresses of catalogues, as they were written. */
  readonly catalogues: readonly Located<string>[]
  /** npm registries to look in for `bitcartcc-plugin-NAME`; the address, or `default`: the one npm itself would ask. */
  readonly registries: readonly Located<string>[]
  readonly plugins: readonly SelectedPlugin[]
  readonly deployment: {
    readonly host: Located<string>
    readonly mode: Located<'one-domain' | 'multi-domain'>
    readonly database: Located<'embedded' | 'postgres'>
    readonly proxy: Located<'caddy' | 'nginx' | 'none'>
    readonly images: Located<'pinned' | 'tags'>
    /** `database`, `caddy`, `nginx` or a shared service → the image to take instead of core's, with its digest. */
    readonly coreImages: Readonly<Record<string, string>>
    /** How many containers of each there are. */
    readonly replicas: Located<{ readonly api: number; readonly worker: number }>
    /** What it is to run on, sorted; none: the kind of machine that builds it. */
    readonly platforms: Located<readonly Platform[]>
  }
  /** Plugin → setting → value. */
  readonly settings: ReadonlyMap<string, ReadonlyMap<string, Located<unknown>>>
  /** Where the block `settings:` stands, or where it would go. */
  readonly settingsAt: Place
  readonly grants: ReadonlyMap<string, Located<PluginGrants>>
  readonly force: ReadonlyMap<string, Located<unknown>>
  /** What an archive may weigh: the built-in limits, or lower ones. */
  readonly limits: Limits
  /** Plugin → the range that stands for whatever others ask of it. */
  readonly overrides: ReadonlyMap<string, Located<string>>
  /** Plugin, or `default` → whether its prereleases may be chosen. */
  readonly prerelease: ReadonlyMap<string, PrereleasePolicy>
  /** ISO 8601; what a registry published later is not there. */
  readonly notAfter: string | undefined
  readonly removed: ReadonlyMap<string, Located<'keep' | 'export' | 'drop'>>
}
/** `explicit`: where a range names one of the same version; `if-necessary`: where nothing else fits the range. */
export type PrereleasePolicy = 'explicit' | 'if-necessary' | 'allow' | 'never'

export interface SelectedPlugin {
  readonly name: string
  /** The range asked for; `*` where only a path is given. */
  readonly range: string
  /** An own folder or archive, absolute, where the selection says `{ path: … }` or `{ archive: … }`. */
  readonly path?: string
  readonly isArchive?: boolean
  /** Where the selection says `{ git: …, revision: … }`. */
  readonly git?: GitPlace
  /** An npm package, where the selection says `{ npm: … }`. */
  readonly npm?: string
  readonly at: Place
  /** The value as it stands in the file, for problems: `ratings: ^1.0.0`. */
  readonly text: string
}
export interface GitPlace {
  readonly url: string
  /** A tag, a branch or a commit. */
  readonly revision: string
  /** Inside of the repository; empty: its top. */
  readonly folder: string
}
export interface PluginGrants {
  /** Service → host port; of a service with several ports, container port → host port. */
  readonly ports?: Readonly<Record<string, number | Readonly<Record<string, number>>>>
  /** What its services may do past the shop: `docker-socket`, `host-path:/srv/data`, `capability:NET_ADMIN`. */
  readonly privileges?: readonly string[]
  /** npm packages of it that may bring machine code. */
  readonly native?: readonly string[]
}

/** Whether the selection says where a plugin is to be taken from. */
export const hasOwnPlace = ({ path, git, npm }: SelectedPlugin): boolean =>
  path !== undefined || git !== undefined || npm !== undefined
