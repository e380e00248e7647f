/**
 * A catalogue on a web server: `index.json` names its plugins, `NAME/releases.json` holds the manifests of one plugin,
 * `NAME/NAME-VERSION.bitcartcc` is an archive. All static; whoever knows the index knows the hash of everything below it.
 */
export interface CatalogueIndex {
  readonly format: 1
  /** Plugin → `sha512-…` of its `releases.json`. */
  readonly plugins: Readonly<Record<string, string>>
}
export interface CatalogueReleases {
  readonly format: 1
  /** By version, sorted by text. */
  readonly releases: readonly CatalogueRelease[]
}
export interface CatalogueRelease {
  readonly version: string
  /** `sha512-…` of the archive's bytes. */
  readonly integrity: string
  /** Text of `plugin.yaml`. */
  readonly manifest: string
}

export const indexPath = 'index.json'
export const releasesPath = (name: string): string => `${name}/releases.json`
export const archivePath = (name: string, version: string): string =>
  `${name}/${name}-${version}.bitcartcc`

/** Reads an index; undefined where it is none. */
export function readIndex(bytes: Uint8Array): CatalogueIndex | undefined {
  const value = parsed(bytes)
  const plugins = value?.['plugins']
  if (value?.['format'] !== 1 || typeof plugins !== 'object' || plugins === null) return undefined
  const isFit = Object.entries(plugins).every(
    ([name, sum]) => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && isIntegrity(sum),
  )
  return isFit ? (value as unknown as CatalogueIndex) : undefined // looked at above
}

/** Reads the releases of one plugin; undefined where it is no such list. */
export function readReleases(bytes: Uint8Array): CatalogueReleases | undefined {
  const value = parsed(bytes)
  const releases = value?.['releases']
  if (value?.['format'] !== 1 || !Array.isArray(releases)) return undefined
  const isFit = (releases as readonly unknown[]).every(
    (each) =>
      typeof each === 'object' &&
      each !== null &&
      'version' in each &&
      /^[0-9A-Za-z.+-]{1,100}$/.test(String(each.version)) &&
      'integrity' in each &&
      isIntegrity(each.integrity) &&
      'manifest' in each &&
      typeof each.manifest === 'string',
  )
  return isFit ? (value as unknown as CatalogueReleases) : undefined // looked at above
}

const isIntegrity = (value: unknown) =>
  typeof value === 'string' && /^sha512-[A-Za-z0-9+/]{86}==$/.test(value)

function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>) // looked at on the line above
      : undefined
  } catch {
    return undefined
  }
}
