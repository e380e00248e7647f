import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { packTar, unpackTar } from 'modern-tar'

/** An npm registry on this machine that holds what it is given. */
export interface Registry {
  /** `http://127.0.0.1:41234`, without a slash at its end. */
  readonly url: string
  /** Paths that were asked for, in their order. */
  readonly requests: readonly string[]
  /** Takes a package in, as npm packs it; its package.json says what it is. */
  publish(tarball: Buffer): Promise<void>
  close(): void
}

/** Opens a registry; `elsewhere` names the one it sends those to who ask for what it does not hold. */
export async function openRegistry(elsewhere?: string): Promise<Registry> {
  const answers = new Map<string, string | Buffer>()
  const requests: string[] = []
  const server: Server = createServer((request, response) => {
    const path = request.url ?? ''
    requests.push(decodeURIComponent(path))
    const answer = answers.get(decodeURIComponent(path))
    if (answer !== undefined) response.end(answer)
    else if (elsewhere !== undefined)
      response.writeHead(302, { location: `${elsewhere}${path}` }).end()
    else response.writeHead(404).end('{}')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server has one
  const packuments = new Map<string, Record<string, object>>()
  return {
    url,
    requests,
    close() {
      server.close()
      server.closeAllConnections()
    },
    async publish(tarball) {
      const manifest = await manifestIn(tarball)
      const { name, version } = manifest
      const path = `/${name}/-/${version}.tgz`
      answers.set(path, tarball)
      const dist = {
        tarball: `${url}${path}`,
        integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
      }
      const versions = { ...packuments.get(name), [version]: { ...manifest, dist } }
      packuments.set(name, versions)
      answers.set(`/${name}`, JSON.stringify({ name, 'dist-tags': { latest: version }, versions }))
    },
  }
}

/** A package of core as another version of it would be published; `change` gives other text for a file of its source. */
export async function repacked(
  tarball: Buffer,
  version: string,
  change: (text: string) => string,
): Promise<Buffer> {
  const entries = await unpackTar(gunzipSync(tarball))
  const texts = entries.flatMap(({ header, data }) => {
    if (header.type !== 'file') return []
    const body = Buffer.from(data ?? [])
    const isOwn = header.name === 'package/package.json'
    const text = body.toString('utf8')
    const changed = isOwn
      ? withVersion(text, version)
      : /^package\/src\/.*\.(ts|vue)$/.test(header.name)
        ? change(text)
        : undefined
    const bytes = changed === undefined ? body : Buffer.from(changed)
    return [{ header: { ...header, size: bytes.length }, body: bytes }]
  })
  return gzipSync(await packTar(texts))
}

/** All packages of core have one version, and ask for each other by it. */
function withVersion(packageJson: string, version: string): string {
  const read = JSON.parse(packageJson) as { dependencies?: Readonly<Record<string, string>> } // npm's own format
  const dependencies = Object.entries(read.dependencies ?? {}).map(([name, range]) => [
    name,
    name.startsWith('@bitcartcc/') ? version : range,
  ])
  return JSON.stringify({
    ...read,
    version,
    dependencies: Object.fromEntries(dependencies) as Record<string, string>,
  })
}

async function manifestIn(tarball: Buffer): Promise<{ name: string; version: string }> {
  const entries = await unpackTar(gunzipSync(tarball))
  const found = entries.find(({ header }) => header.name === 'package/package.json')
  return JSON.parse(Buffer.from(found?.data ?? []).toString('utf8')) as {
    name: string
    version: string
  } // npm's own format
}

/** A folder as npm would pack it, but with all that is in it. */
export async function tarballOf(folder: string): Promise<Buffer> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (each) => each.isFile() && !each.parentPath.slice(folder.length).includes('node_modules'),
    )
    .map((each) => join(each.parentPath, each.name))
  return gzipSync(
    await packTar(
      paths.map((path) => {
        const body = readFileSync(path)
        const name = `package/${path.slice(folder.length + 1)}`
        return { header: { name, size: body.length, type: 'file' as const }, body }
      }),
    ),
  )
}
