import type { Release } from './release.ts'

/** `selection.lock`, JSON, sorted, one fact a line. */
export interface Lock {
  readonly format: 1
  readonly asked: { readonly core: string; readonly plugins: Readonly<Record<string, string>> }
  readonly core: { readonly version: string; /** `h1:` over core's files. */ readonly tree: string }
  readonly toolchain: { readonly node: string; readonly compose: string }
  readonly plugins: Readonly<Record<string, LockedEntry>>
  /** Migration id → `sha256-…`; core's too. */
  readonly migrations: Readonly<Record<string, string>>
}
export interface LockedEntry {
  readonly version: string
  readonly source: string
  /** `sha512-…` of the archive it came in, where it came in one. */
  readonly integrity?: string
  readonly tree: string
  readonly manifest: string
}
/** A release that was pinned, verified and read. */
export interface LockedPlugin {
  readonly release: Release
  /** `h1:…` over its files. */
  readonly tree: string
  /** Relative path with `/`, sorted → `sha256-…`. Without node_modules, test, dotfiles and plugin.gen.ts. */
  readonly files: ReadonlyMap<string, string>
}
export interface Locked {
  readonly lock: Lock
  readonly lockText: string
  /** Sorted by name. */
  readonly plugins: readonly LockedPlugin[]
  /** The lock before this one, where there was one. */
  readonly previous: Lock | undefined
  /** What changed against it, a line each: `loyalty 2.0.3 → 2.1.0`. */
  readonly changes: readonly string[]
}
