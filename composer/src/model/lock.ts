import type { Platform } from './platform.ts'
import type { Release } from './release.ts'

/** `selection.lock`, JSON, sorted, one fact a line. */
export interface Lock {
  readonly format: 1
  /** As the selection has it: staleness is a comparison. */
  readonly asked: {
    readonly core: string
    /** Range, and where the selection binds it to one place: `* path:../our-theme`. */
    readonly plugins: Readonly<Record<string, string>>
    readonly overrides?: Readonly<Record<string, string>>
    readonly prerelease?: Readonly<Record<string, string>>
    readonly notAfter?: string
    /** What all of it is for, sorted; absent: the kind of machine that builds it. */
    readonly platforms?: readonly Platform[]
  }
  readonly core: {
    readonly version: string
    /** `h1:` over core's files. */
    readonly tree: string
    /**
     * References of the images that core's own services run in, sorted; where platforms are asked for, each once for each:
     * `caddy:2-alpine for linux/arm64`.
     */
    readonly images?: readonly string[]
    /** What pnpm locked for core and this compose, where compose itself brought core from a registry; in its own format. */
    readonly npm?: NpmLock
  }
  readonly toolchain: { readonly node: string; readonly compose: string }
  readonly plugins: Readonly<Record<string, LockedEntry>>
  /** What pnpm locked for the npm packages of plugins, in its own format. */
  readonly npm?: NpmLock
  /** Migration id → `sha256-…`; core's too. */
  readonly migrations: Readonly<Record<string, string>>
}
export interface NpmLock {
  readonly overrides?: Readonly<Record<string, string>>
  readonly importers?: Readonly<
    Record<
      string,
      { readonly dependencies?: Readonly<Record<string, { readonly specifier: string }>> }
    >
  >
  readonly packages?: Readonly<Record<string, unknown>>
}
export interface LockedEntry {
  readonly version: string
  readonly source: string
  /** `sha512-…` of the archive it came in, where it came in one. */
  readonly integrity?: string
  /** The commit it was read from, where it comes from git. */
  readonly commit?: string
  readonly tree: string
  readonly manifest: string
  readonly license?: string
  /** Name → range, of the plugins it needs. */
  readonly requires?: Readonly<Record<string, string>>
  /** As core's, of its services; only where platforms are asked for, for they stand among its capabilities. */
  readonly images?: readonly string[]
  /** Rights it defines, sorted. */
  readonly permissions?: readonly string[]
  /** What it can reach, sorted; see `capabilitiesOf`. */
  readonly capabilities?: readonly string[]
}
/** A release that was pinned, verified and read. */
export interface LockedPlugin {
  readonly release: Release
  /** `h1:…` over its files. */
  readonly tree: string
  /** Relative path with `/`, sorted → `sha256-…`. Without node_modules, test, dotfiles and plugin.gen.ts. */
  readonly files: ReadonlyMap<string, string>
  readonly capabilities: readonly string[]
  /** Its npm packages, where it has any; absolute. */
  readonly modules?: string
  /** Those of them that bring machine code and were granted, sorted: they are shipped as they are, not bundled. */
  readonly native?: readonly string[]
}
export interface Locked {
  readonly lock: Lock
  readonly lockText: string
  /** Sorted by name. */
  readonly plugins: readonly LockedPlugin[]
  /** The lock that stands beside the selection, where one does. */
  readonly beside: Lock | undefined
  /** The lock of the distribution before this one, else the one beside the selection. */
  readonly previous: Lock | undefined
  /** What changed against it, a line each: `loyalty 2.0.3 → 2.1.0`. */
  readonly changes: readonly string[]
}
