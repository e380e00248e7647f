import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { packTar } from 'modern-tar'
import { blobOf, blobPath } from './blob.ts'
import { layerTar, type Tree } from './layer.ts'

export type Files = ReadonlyMap<string, Uint8Array>

/** An image from elsewhere; what is not said is as an honest program would write it. */
export interface Foreign {
  readonly layers: readonly Tree[]
  readonly env?: readonly string[]
  readonly os?: string
  readonly architecture?: string
  readonly compressed?: 'gzip' | 'zstd'
  /** What its configuration says of its layers. */
  readonly diffIds?: readonly string[]
}

export const text = (of: string): { readonly bytes: Uint8Array } => ({ bytes: Buffer.from(of) })
const json = (value: unknown) => Buffer.from(JSON.stringify(value))

/** With the libraries that Node links; none of them is more than a name. */
export const debian: Foreign = {
  layers: [
    new Map([
      ['lib64/ld-linux-x86-64.so.2', text('loader')],
      ['usr/lib/libstdc++.so.6', text('c++')],
    ]),
    new Map([['etc/passwd', text('root:x:0:0::/root:/bin/sh\n')]]),
  ],
  env: ['PATH=/usr/bin:/bin', 'LANG=C.UTF-8'],
}

/** The same with the Node that the distribution of these tests was proved on. */
export const debianWithNode: Foreign = {
  ...debian,
  env: ['NODE_VERSION=24.21.0', ...(debian.env ?? [])],
}

async function partsOf({ layers, env, os, architecture, compressed, diffIds }: Foreign) {
  const tars = await Promise.all(layers.map(async (tree) => blobOf(await layerTar(tree))))
  const config = blobOf(
    json({
      architecture: architecture ?? 'amd64',
      os: os ?? 'linux',
      config: { Env: env ?? [] },
      rootfs: { type: 'layers', diff_ids: diffIds ?? tars.map(({ digest }) => digest) },
    }),
  )
  const kept =
    compressed === undefined
      ? tars
      : tars.map(({ bytes }) =>
          blobOf((compressed === 'gzip' ? gzipSync : zstdCompressSync)(bytes)),
        )
  return { config, kept }
}

/** An OCI image layout; several images share it. */
export async function layoutOf(...images: readonly Foreign[]): Promise<Files> {
  const files = new Map<string, Uint8Array>([['oci-layout', json({ imageLayoutVersion: '1.0.0' })]])
  const manifests = []
  for (const image of images) {
    const { config, kept } = await partsOf(image)
    const sized = ({ digest, bytes }: typeof config) => ({ digest, size: bytes.length })
    const manifest = blobOf(
      json({ schemaVersion: 2, config: sized(config), layers: kept.map(sized) }),
    )
    for (const { digest, bytes } of [config, manifest, ...kept]) files.set(blobPath(digest), bytes)
    manifests.push({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      ...sized(manifest),
    })
  }
  return files.set('index.json', json({ schemaVersion: 2, manifests }))
}

/** What `docker save` of an older engine writes. */
export async function savedOf(...images: readonly Foreign[]): Promise<Files> {
  const files = new Map<string, Uint8Array>()
  const saved = []
  for (const [at, image] of images.entries()) {
    const { config, kept } = await partsOf(image)
    const name = `${config.digest.slice('sha256:'.length)}.json`
    files.set(name, config.bytes)
    const layers = kept.map((_, layer) => `${at}-${layer}/layer.tar`)
    for (const [layer, path] of layers.entries())
      files.set(path, kept[layer]?.bytes ?? new Uint8Array())
    saved.push({ Config: name, RepoTags: [`base:${at + 1}`], Layers: layers })
  }
  return files.set('manifest.json', json(saved))
}

export const tarOf = (files: Files): Promise<Uint8Array> =>
  packTar(
    [...files].map(([name, bytes]) => ({ header: { name, size: bytes.length }, body: bytes })),
  )

export function writeFolder(folder: string, files: Files): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
}

/** What of a distribution matters to its image: two plugins, one of which packs a library of its own. */
export const shop: Files = new Map(
  Object.entries({
    '.dockerignore': '.dockerignore\n.env.example\nDockerfile\ndocker-compose.yml\nproxy\n',
    '.env.example': 'POSTGRES_PASSWORD=\n',
    Dockerfile: 'FROM node\n',
    'chunks/core-AAAAAAAA.js': 'import "./vendor-BBBBBBBB.js"',
    'chunks/csv-import-CCCC-CCC.js':
      'import "./core-AAAAAAAA.js"; import "./vendor-csv-DDDDDDDD.js"',
    'chunks/pglite.wasm': 'wasm',
    'chunks/ratings-EEEEEEEE.js': 'import "./core-AAAAAAAA.js"',
    'chunks/vendor-BBBBBBBB.js': 'fastify',
    'chunks/vendor-csv-DDDDDDDD.js': 'csv',
    'distribution.json': JSON.stringify({
      name: 'shop',
      core: '1.0.0',
      node: '24.21.0',
      digest: 'sha256-lock',
      plugins: [
        { name: 'csv-import', version: '1.2.0', license: 'MIT' },
        { name: 'ratings', version: '2.0.0', license: 'Apache-2.0 OR MIT' },
      ],
    }),
    'docker-compose.yml': `services:
  api: { build: { context: . }, image: "shop:latest" }
  database: { image: "postgres:18-alpine" }
  status: { build: { context: . }, image: "shop:latest", entrypoint: [node, services/status.js] }
`,
    'migrations/core/0001_core.sql': 'CREATE TABLE products ();',
    'migrations/plan.json': '{}',
    'migrations/ratings/0001_votes.sql': 'CREATE TABLE votes ();',
    'proxy/Caddyfile': 'localhost',
    'public/admin/assets/admin-FFFFFFFF.js': 'import "./ratings-GGGGGGGG.js"',
    'public/admin/assets/core-HHHHHHHH.css': 'url(inter-IIIIIIII.woff2)',
    'public/admin/assets/inter-IIIIIIII.woff2': 'font',
    'public/admin/assets/ratings-GGGGGGGG.js': 'stars',
    'public/admin/assets/ratings-GGGGGGGG.js.gz': 'stars, zipped',
    'public/admin/index.html': '<script src="assets/admin-FFFFFFFF.js">',
    'server.js': 'import "./chunks/ratings-EEEEEEEE.js"',
    'services/status.js': 'import "../chunks/ratings-EEEEEEEE.js"',
  }).map(([path, content]) => [path, Buffer.from(content)]),
)
