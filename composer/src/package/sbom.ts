import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { packageFolder, roomFolder, rooms } from '../house.ts'
import type { Cache } from '../cache/cache.ts'
import { hashOf } from '../cache/hash.ts'
import { ownCache } from '../cache/own-cache.ts'
import type { Plan } from '../model/plan.ts'

interface Component {
  readonly type: 'application' | 'library'
  readonly 'bom-ref': string
  readonly name: string
  readonly version: string
  readonly purl: string
  readonly licenses: readonly object[]
  readonly hashes?: readonly object[]
}

interface PackageJson {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/** Of a plan, what is told of. */
type Described = Pick<Plan, 'name' | 'core' | 'deployment' | 'plugins'>

/** `sbom.cdx.json`, CycloneDX 1.6: core, the plugins, and every npm package they stand on; without a clock. */
export function sbom(plan: Described, digest: string, coreHash: string, cache = ownCache()) {
  const { database } = plan.deployment
  const isLeftOut = (name: string) => database !== 'embedded' && name === '@electric-sql/pglite'
  const core = rooms.map(roomFolder)
  const ofPlugins = plan.plugins.map(({ release, modules }) =>
    modules === undefined ? release.folder : dirname(modules),
  )
  const packages = new Map([
    ...once(cache, `sbom-${hashOf(coreHash, database).slice(7)}`, () =>
      packagesBelow(core, new Set(), isLeftOut),
    ),
    ...packagesBelow(ofPlugins, new Set(core), isLeftOut),
  ])
  const root = `pkg:generic/${plan.name}@${plan.core}`
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(digest)}`,
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': root,
        name: plan.name,
        version: plan.core,
        purl: root,
      },
    },
    components: [
      coreComponent(plan),
      ...plan.plugins.map(pluginComponent),
      ...[...packages.entries()]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, component]) => component),
    ],
  }
}

/** `lodash@4.17.21` → what is said of it; each package that the folders need, but those that were seen. */
function packagesBelow(
  folders: readonly string[],
  seen: Set<string>,
  isLeftOut: (name: string) => boolean,
): ReadonlyMap<string, Component> {
  const packages = new Map<string, Component>()
  const visit = (folder: string) => {
    if (seen.has(folder)) return
    seen.add(folder)
    const manifest = readPackage(folder)
    if (!manifest) return
    const { name, version, dependencies = {} } = manifest
    if (!folders.includes(folder)) packages.set(`${name}@${version}`, library(manifest))
    for (const dependency of Object.keys(dependencies).toSorted()) {
      const found = isLeftOut(dependency) ? undefined : packageFolder(folder, dependency)
      if (found) visit(found)
    }
  }
  folders.forEach(visit)
  return packages
}

/** Core stands on two hundred packages, each in a folder of its own: they are looked for once. */
function once(
  cache: Pick<Cache, 'get' | 'put'>,
  key: string,
  find: () => ReadonlyMap<string, Component>,
): ReadonlyMap<string, Component> {
  const known = cache.get(key)?.get('packages')
  if (known)
    return new Map(JSON.parse(Buffer.from(known).toString('utf8')) as [string, Component][]) // written below
  const found = find()
  cache.put(key, new Map([['packages', Buffer.from(JSON.stringify([...found]))]]))
  return found
}

function coreComponent({ core }: Described): Component {
  const purl = `pkg:generic/bitcartcc@${core}`
  return {
    type: 'application',
    'bom-ref': purl,
    name: 'bitcartcc',
    version: core,
    purl,
    licenses: licensesOf('MIT'),
  }
}

function pluginComponent({ release: { manifest }, tree }: Plan['plugins'][number]): Component {
  const purl = `pkg:generic/bitcartcc-plugin-${manifest.name}@${manifest.version}`
  return {
    type: 'library',
    'bom-ref': purl,
    name: manifest.name,
    version: manifest.version,
    purl,
    licenses: licensesOf(manifest.license),
    ...(tree.startsWith('h1:')
      ? {
          hashes: [
            { alg: 'SHA-256', content: Buffer.from(tree.slice(3), 'base64').toString('hex') },
          ],
        }
      : {}),
  }
}

function library({ name, version, license }: PackageJson): Component {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
  return { type: 'library', 'bom-ref': purl, name, version, purl, licenses: licensesOf(license) }
}

const licensesOf = (license: string | undefined): readonly object[] =>
  license === undefined
    ? []
    : /^[\w.+-]+$/.test(license)
      ? [{ license: { id: license } }]
      : [{ expression: license }]

function readPackage(folder: string): PackageJson | undefined {
  const file = join(folder, 'package.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PackageJson) : undefined // npm's own format
}

/** A name-based UUID (version 8) of the lock's digest. */
function uuidOf(digest: string): string {
  const hex = createHash('sha256').update(digest).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
