import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import { packTar } from 'modern-tar'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { count } from '../../../test/counts.ts'
import { randomFrom, seed } from '../../../test/support/random.ts'
import { builtInLimits } from './base-files.ts'
import * as room from './base.ts'
import { blobOf, blobPath } from './blob.ts'
import type { Platform } from '../model/platform.ts'
import { debian, layoutOf, savedOf, tarOf, text, writeFolder, type Files } from './test-support.ts'

let home: string
let cwd: string
beforeEach(async () => {
  home = process.cwd()
  cwd = await mkdtemp(join(tmpdir(), 'compose-base-'))
  process.chdir(cwd)
})
afterEach(async () => {
  process.chdir(home)
  await rm(cwd, { recursive: true, force: true })
})

const readBase = async (path: string, platform: Platform, limits = builtInLimits) => {
  const { layers, ...base } = await room.readBase(path, platform, limits)
  return { ...base, layers: layers.map(({ digest }) => digest) }
}
const written = async (files: Files) => writeFile('base.tar', await tarOf(files))
/** The words of the refusal. */
const refusal = async (base = 'base.tar', limits = builtInLimits) =>
  readBase(base, 'linux/amd64', limits).then(
    () => 'was read',
    (error: unknown) => {
      if (!(error instanceof Refused)) throw error
      return error.problems.map(problemText).join('\n')
    },
  )
const changed = (files: Files, path: string, change: (of: string) => string): Files =>
  new Map([...files, [path, Buffer.from(change(Buffer.from(files.get(path) ?? []).toString()))]])

test('an image gives the same base from a layout, a tar of one, compressed or not, and from docker save', async () => {
  const layout = await layoutOf(debian)
  writeFolder('folder', layout)
  await writeFile('layout.tar', await tarOf(layout))
  await writeFile('gzip.tar', await tarOf(await layoutOf({ ...debian, compressed: 'gzip' })))
  await writeFile('zstd.tar', await tarOf(await layoutOf({ ...debian, compressed: 'zstd' })))
  await writeFile('saved.tar', await tarOf(await savedOf(debian)))
  const { at, ...expected } = await readBase('folder', 'linux/amd64')
  expect([at, expected.layers.length, expected.env]).toEqual(['folder', 2, debian.env])
  for (const name of ['layout.tar', 'gzip.tar', 'zstd.tar', 'saved.tar'])
    expect(await readBase(name, 'linux/amd64')).toEqual({ at: name, ...expected })
})

test('of the images of a layout the one for the platform is taken, also out of an index in the index', async () => {
  const two = await layoutOf(debian, { ...debian, architecture: 'arm64' })
  const inner = blobOf(two.get('index.json') ?? new Uint8Array())
  const descriptor = {
    mediaType: 'application/vnd.oci.image.index.v1+json',
    digest: inner.digest,
    size: inner.bytes.length,
  }
  const attestation = { digest: `sha256:${'0'.repeat(64)}`, platform: { os: 'unknown' } }
  const notHere = {
    digest: `sha256:${'1'.repeat(64)}`,
    platform: { os: 'linux', architecture: 's390x' },
  }
  await written(
    new Map([
      ...two,
      [blobPath(inner.digest), inner.bytes],
      [
        'index.json',
        Buffer.from(JSON.stringify({ manifests: [descriptor, attestation, notHere, descriptor] })),
      ],
    ]),
  )
  const [amd, arm] = [
    await readBase('base.tar', 'linux/amd64'),
    await readBase('base.tar', 'linux/arm64'),
  ]
  expect(amd.layers).toEqual(arm.layers)
})

test('a layer that docker save wrote once and linked to for the second time is read twice', async () => {
  const [first] = debian.layers
  if (!first) throw new Error('the image must have a layer')
  const entries = [...(await savedOf({ layers: [first, first] }))].map(([name, bytes]) =>
    name === '0-1/layer.tar'
      ? { header: { name, size: 0, type: 'symlink' as const, linkname: '../0-0/layer.tar' } }
      : { header: { name, size: bytes.length }, body: bytes },
  )
  await writeFile('base.tar', await packTar(entries))
  const { layers } = await readBase('base.tar', 'linux/amd64')
  expect(layers[0]).toEqual(layers[1])
})

test('what is no image says what it is not', async () => {
  expect(await refusal('nothing.tar'))
    .toBe(`✗ nothing.tar is no image: there is nothing of that name.

  No image was written.

  Fix: Name an OCI image layout, its folder or a tar of it, or what   docker save   wrote, uncompressed.

  More: compose explain image/not-an-image
`)
  await writeFile('base.tar', 'no tar at all')
  expect(await refusal()).toBe(`✗ base.tar is no image: it cannot be read as a tar.

    reason   Tar archive is truncated.

  No image was written.

  Fix: Name an OCI image layout, its folder or a tar of it, or what   docker save   wrote, uncompressed.

  More: compose explain image/not-an-image
`)
  await writeFile('base.tar', gzipSync(await tarOf(await savedOf(debian))))
  expect(await refusal()).toContain('base.tar is no image: it is compressed.')
  await written(new Map([['etc/passwd', Buffer.from('root')]]))
  expect(await refusal()).toContain('it has neither an index.json nor a manifest.json')
  await written(new Map([['index.json', Buffer.from('{')]]))
  expect(await refusal()).toContain('base.tar is no image: its index.json is no JSON.')
  await written(new Map([['index.json', Buffer.from('{}')]]))
  expect(await refusal()).toContain('base.tar is no image: it has no list of manifests.')
  await written(new Map([['manifest.json', Buffer.from('[{"Config":"../../etc/passwd"}]')]]))
  expect(await refusal()).toContain('configuration   ../../etc/passwd')
  await written(
    new Map([
      ['index.json', Buffer.from('{"manifests":[{"digest":"sha256:../../../etc/passwd"}]}')],
    ]),
  )
  expect(await refusal()).toContain('a manifest has no sha256')
})

test('a blob of other bytes than its name says is refused, and nothing of it is used', async () => {
  const layout = await layoutOf(debian)
  const { layers } = await (await written(layout), readBase('base.tar', 'linux/amd64'))
  const path = blobPath(layers[1] ?? '')
  await written(changed(layout, path, (tar) => tar.replace('/bin/sh', '/bin/ss')))
  expect(await refusal()).toBe(`✗ The layer of base.tar is not what the image says it is.

    image   sha256:92111123cde7b25a3401049a88d6621f992ee0957305c5af43c19165204550be
    found   sha256:445ce897e6d24b062a178c2a03b2a9276a705a645b19e764c9d4cafd96da8af1

  No image was written.

  Fix: Save or copy the base again. If it stays so, ask where it came from.

  More: compose explain image/other-bytes
`)
})

test('a layer that docker save names otherwise than its configuration does is refused', async () => {
  await written(changed(await savedOf(debian), '0-1/layer.tar', (tar) => `${tar} `))
  expect(await refusal()).toContain('The layer 2 of base.tar is not what the image says it is.')
  const saved = await savedOf(debian)
  const config = [...saved.keys()].find((path) => path.endsWith('.json')) ?? ''
  await written(changed(saved, config, (of) => of.replace('LANG', 'LONG')))
  expect(await refusal()).toContain('The configuration of base.tar is not what the image says')
})

test('a base for another platform says what it is for', async () => {
  await written(await savedOf({ ...debian, architecture: 'arm64' }))
  expect(await refusal()).toBe(`✗ base.tar holds nothing for linux/amd64.

    base.tar   linux/arm64

  No image was written.

  Fix: Save it again with   --platform linux/amd64   or make the image for what it holds, with --platform.

  More: compose explain image/other-platform
`)
  await written(await layoutOf({ ...debian, os: 'windows' }))
  expect(await refusal()).toContain('base.tar   windows/amd64')
})

test('two images that would do are one too many', async () => {
  await written(await savedOf(debian, { ...debian, env: [] }))
  expect(await refusal()).toBe(`✗ base.tar holds 2 images.

    base.tar   base:1
    base.tar   base:2

  No image was written.

  Fix: Save the one that is to be the base alone.

  More: compose explain image/which-image
`)
  await written(await layoutOf(debian, { ...debian, env: [] }))
  expect(await refusal()).toContain('base.tar holds 2 images.')
})

test('a layer that unpacks to more than a base may weigh is refused before it is unpacked whole', async () => {
  const zeros = new Map([['zeros', { bytes: Buffer.alloc(2_000_000) }]])
  const small = { ...builtInLimits, layersBytes: 1_000_000 }
  for (const compressed of ['gzip', 'zstd'] as const) {
    await written(await layoutOf({ layers: [zeros], compressed }))
    expect(await refusal('base.tar', small)).toBe(`✗ base.tar is too big for a base: its layers.

    largest   1.0 MB

  No image was written.

  Fix: Take a smaller base. Node and the distribution need no more than a C library.

  More: compose explain image/too-big
`)
  }
  await written(await layoutOf({ layers: [zeros] }))
  expect(await refusal('base.tar', small)).toContain('base.tar is too big for a base: 2.0 MB.')
})

test('a base of too many layers, and one that tells of others than it has', async () => {
  const layers = Array.from({ length: 81 }, (_, at) => new Map([[`${at}`, text('')]]))
  await written(await savedOf({ layers }))
  expect(await refusal()).toContain('base.tar is too big for a base: 81 layers.')
  await written(await savedOf({ ...debian, diffIds: [] }))
  expect(await refusal()).toContain('it has 2 layers and tells of 0.')
  await written(await savedOf({ layers: [] }))
  expect(await refusal()).toContain('base.tar is no image: it has no layers.')
})

const of = seed()
test(`a damaged base ends in a base or in words (seed ${of})`, async () => {
  const random = randomFrom(of)
  const below = (many: number) => Math.floor(random() * many)
  const kinds = [await layoutOf({ ...debian, compressed: 'gzip' }), await savedOf(debian)]
  for (let round = 0; round < count(150, 5000); round++) {
    const tar = Buffer.from(await tarOf(kinds[below(2)] ?? new Map()))
    for (let times = 1 + below(3); times > 0; times--) {
      const at = below(tar.length)
      if (below(2) === 0) tar[at] = below(256)
      else tar.copy(tar, at, below(tar.length), below(tar.length))
    }
    await writeFile('base.tar', below(4) === 0 ? tar.subarray(0, below(tar.length)) : tar)
    await refusal()
  }
})
