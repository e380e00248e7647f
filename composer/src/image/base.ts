import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { Refused, type Problem } from '@bitcartcc/sdk/problem'
import { sizeText } from '../views/inspected.ts'
import { openBase, type BaseFiles, type BaseLimits } from './base-files.ts'
import { blobOf, blobPath, digestOf, type ImageBlob } from './blob.ts'
import type { Platform } from '../model/platform.ts'
import { notAnImage, otherBytes, otherPlatform, tooBig, whichImage } from './problems.ts'

/** What an image stands on. */
export interface Base {
  readonly at: string
  /** Uncompressed, bottom first. */
  readonly layers: readonly ImageBlob[]
  /** `NAME=value`. */
  readonly env: readonly string[]
  /** The digest of its layers in their order: the same from every form the base is kept in. */
  readonly chain: string
}

/**
 * Reads the base of an image from an OCI image layout, a tar of one, or what `docker save` wrote.
 *
 * Nothing of it is believed until its hash was compared; nothing of it is unpacked or run. Layers come out uncompressed, so
 * that one image gives one base in whatever form it is kept. Refuses with image/….
 */
export async function readBase(
  path: string,
  platform: Platform,
  limits: BaseLimits,
): Promise<Base> {
  const files = await openBase(path, limits)
  const index = files.read('index.json')
  if (index) return readLayout(files, index, platform)
  const manifest = files.read('manifest.json')
  if (manifest) return readSaved(files, manifest, platform)
  return refuse(notAnImage(files.at, 'it has neither an index.json nor a manifest.json'))
}

type Table = Readonly<Record<string, unknown>>

/** An image that an index names; one for another platform is not read, and may not even be there. */
interface Named {
  readonly digest: string
  readonly platform: string
  readonly parts?: { readonly manifest: Table; readonly config: Uint8Array }
}

function readLayout(files: BaseFiles, index: Uint8Array, platform: Platform): Base {
  const all = imagesIn(files, tableOf(files, 'index.json', index), platform, 0)
  // An image of two names stands in an index twice.
  const fit = new Map(
    all.flatMap(({ digest, parts, platform: found }) =>
      parts && found === platform ? [[digest, parts] as const] : [],
    ),
  )
  const [image] = fit.values()
  if (!image)
    return refuse(otherPlatform(files.at, platform, all.map((each) => each.platform).toSorted()))
  if (fit.size > 1) return refuse(whichImage(files.at, [...fit.keys()].toSorted()))
  const layers = listOf(files, 'layers', image.manifest['layers'])
  return baseOf(files, image.config, layers.length, (at) => blobAt(files, 'layer', layers[at]))
}

/** All images of an index, those of indexes in it too; what only tells about an image, such as its origin, is none. */
function imagesIn(
  files: BaseFiles,
  index: Table,
  wanted: Platform,
  depth: number,
): readonly Named[] {
  return listOf(files, 'manifests', index['manifests']).flatMap((descriptor) => {
    if (!isTable(descriptor)) return []
    const { mediaType, platform } = descriptor
    const digest = String(descriptor['digest'])
    const said = isTable(platform) ? platformOf(platform) : wanted
    if (said.startsWith('unknown/')) return []
    if (said !== wanted) return [{ digest, platform: said }]
    const manifest = tableOf(files, 'manifest', blobAt(files, 'manifest', descriptor))
    if (/index|manifest\.list/.test(String(mediaType)) || 'manifests' in manifest)
      return depth < 2 ? imagesIn(files, manifest, wanted, depth + 1) : []
    const config = blobAt(files, 'configuration', manifest['config'])
    const found = platformOf(tableOf(files, 'configuration', config))
    return [{ digest, platform: found, parts: { manifest, config } }]
  })
}

/** manifest.json of `docker save`: the paths of the configuration and of each layer. */
function readSaved(files: BaseFiles, manifest: Uint8Array, platform: Platform): Base {
  const images = listOf(files, 'manifest.json', jsonOf(files, 'manifest.json', manifest))
  const [image] = images
  if (images.length > 1)
    return refuse(whichImage(files.at, images.map((each) => nameOf(each)).toSorted()))
  if (!isTable(image)) return refuse(notAnImage(files.at, 'its manifest.json names no image'))
  const read = (what: string, path: unknown) =>
    (typeof path === 'string' ? files.read(path) : undefined) ??
    refuse(notAnImage(files.at, `its ${what} is missing`, [[what, String(path)]]))
  const config = read('configuration', image['Config'])
  const [said] = /[0-9a-f]{64}/.exec(String(image['Config'])) ?? []
  if (said !== undefined) hold(files, 'configuration', `sha256:${said}`, config)
  const found = platformOf(tableOf(files, 'configuration', config))
  if (found !== platform) return refuse(otherPlatform(files.at, platform, [found]))
  const layers = listOf(files, 'layers', image['Layers'])
  return baseOf(files, config, layers.length, (at) => read('layer', layers[at]))
}

const nameOf = (image: unknown) =>
  isTable(image) && Array.isArray(image['RepoTags']) ? image['RepoTags'].join(', ') : 'unnamed'

/** Holds each layer, uncompressed, against the digest that the configuration gives it. */
function baseOf(
  files: BaseFiles,
  configBytes: Uint8Array,
  count: number,
  layer: (at: number) => Uint8Array,
): Base {
  const config = tableOf(files, 'configuration', configBytes)
  const { rootfs, config: run } = config
  const digests = listOf(files, 'diff_ids', isTable(rootfs) ? rootfs['diff_ids'] : undefined)
  if (digests.length !== count)
    return refuse(notAnImage(files.at, `it has ${count} layers and tells of ${digests.length}`))
  if (count > files.limits.layers)
    return refuse(tooBig(files.at, `${count} layers`, `${files.limits.layers} layers`))
  if (count === 0) return refuse(notAnImage(files.at, 'it has no layers'))
  let room: number = files.limits.layersBytes
  const layers = digests.map((digest, at) => {
    const blob = blobOf(unpacked(files, layer(at), room))
    room -= blob.bytes.length
    if (blob.digest !== digest)
      return refuse(otherBytes(files.at, `layer ${at + 1}`, String(digest), blob.digest))
    return blob
  })
  const env = isTable(run) && Array.isArray(run['Env']) ? run['Env'] : []
  return {
    at: files.at,
    layers,
    env: env.filter((each) => typeof each === 'string' && each.includes('=')),
    chain: chainOf(layers),
  }
}

/** The ChainID of opencontainers/image-spec: config.md. Programs that convert images rewrite the configuration, never this. */
const chainOf = (layers: readonly ImageBlob[]): string =>
  layers
    .map(({ digest }) => digest)
    .reduce((chain, digest) => digestOf(Buffer.from(`${chain} ${digest}`)))

/** By its first bytes: what a media type says is not believed, and the digest decides. */
function unpacked(files: BaseFiles, bytes: Uint8Array, room: number): Uint8Array {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  const isZstd = bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd
  const tooMuch = () => tooBig(files.at, 'its layers', sizeText(files.limits.layersBytes))
  if (!isGzip && !isZstd) return bytes.length <= room ? bytes : refuse(tooMuch())
  try {
    return (isGzip ? gunzipSync : zstdDecompressSync)(bytes, { maxOutputLength: Math.max(room, 1) })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException // of zlib
    if (code === 'ERR_BUFFER_TOO_LARGE') return refuse(tooMuch())
    return refuse(notAnImage(files.at, 'a layer cannot be decompressed', [['reason', message]]))
  }
}

/** The blob a descriptor tells of, once it is what the descriptor says. */
function blobAt(files: BaseFiles, what: string, descriptor: unknown): Uint8Array {
  const digest = isTable(descriptor) ? descriptor['digest'] : undefined
  if (typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest))
    return refuse(notAnImage(files.at, `a ${what} has no sha256`, [[what, String(digest)]]))
  const bytes = files.read(blobPath(digest))
  if (!bytes) return refuse(notAnImage(files.at, `a ${what} is missing`, [[what, digest]]))
  hold(files, what, digest, bytes)
  return bytes
}

function hold(files: BaseFiles, what: string, digest: string, bytes: Uint8Array): void {
  const found = digestOf(bytes)
  if (found !== digest) refuse(otherBytes(files.at, what, digest, found))
}

function jsonOf(files: BaseFiles, what: string, bytes: Uint8Array): unknown {
  if (bytes.length > files.limits.documentBytes)
    return refuse(tooBig(files.at, `its ${what}`, sizeText(files.limits.documentBytes)))
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return refuse(notAnImage(files.at, `its ${what} is no JSON`))
  }
}
function tableOf(files: BaseFiles, what: string, bytes: Uint8Array): Table {
  const value = jsonOf(files, what, bytes)
  return isTable(value) ? value : refuse(notAnImage(files.at, `its ${what} is no mapping`))
}
const listOf = (files: BaseFiles, what: string, value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : refuse(notAnImage(files.at, `it has no list of ${what}`))

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const platformOf = ({ os, architecture }: Table) => `${String(os)}/${String(architecture)}`

function refuse(problem: Problem): never {
  throw new Refused([problem])
}
