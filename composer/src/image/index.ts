import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Handlebars from 'handlebars'
import { Refused } from '@bitcartcc/sdk/problem'
import type { Distribution } from '@bitcartcc/sdk/resources'
import { templatesFolder } from '../house.ts'
import { makeBeside, mend, putInPlace, takeAway } from '../place/swap.ts'
import { builtInLimits } from './base-files.ts'
import { readBase } from './base.ts'
import { blobOf, digestOf } from './blob.ts'
import { withImage } from './docker-compose.ts'
import { layerTar } from './layer.ts'
import { layersOf } from './layers.ts'
import { imageOf, type Image } from './layout.ts'
import { machineOf, type Platform } from '../model/platform.ts'
import { notMadeFor } from './problems.ts'
import { runtimeFor } from './runtime.ts'
import { writeFiles, writeTar } from './write.ts'

export interface ImageInput {
  /** Every file of a distribution, as it was built. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** An OCI image layout, or a tar. */
  readonly base: string
  /** What to make it for; where these are several, each lies in a folder of its own, `linux-arm64`. */
  readonly platforms: readonly Platform[]
  /** Where Node's packages are looked for, in node_modules from here upwards. */
  readonly home: string
  /** The folder that is written; what is there is replaced as a whole. */
  readonly out: string
}

export interface MadeImage extends Omit<Image, 'files'> {
  readonly name: string
  readonly platform: Platform
  /** Its folder below `out`; empty where it is the only one. */
  readonly place: string
  /** Bottom first. */
  readonly layers: readonly {
    readonly name: string
    readonly digest: string
    readonly sizeBytes: number
  }[]
}

/** What docker-compose, `compose env` and `compose stack` read of a distribution. */
const besideIt = new Set([
  '.env.example',
  'distribution.json',
  'env.schema.json',
  'migrations/plan.json',
])

/** What engines take, less a few: runtimes stop at 125. */
const largestLayers = 100

/**
 * Makes the image of a distribution for each platform and writes them, without an engine: `layout/`, an OCI image layout;
 * `NAME.tar`, the same for `docker load`; and beside them the docker-compose file that names it, with what that file needs.
 *
 * What comes out is a function of the distribution, the base and the platforms: all of it, or nothing. Refuses with image/….
 */
export async function makeImages(input: ImageInput): Promise<readonly MadeImage[]> {
  const { platforms, out } = input
  mend(out)
  const beside = makeBeside(out)
  const { folder } = beside
  try {
    const made: MadeImage[] = []
    for (const platform of platforms) {
      const place = platforms.length === 1 ? '' : platform.replace('/', '-')
      made.push({ ...(await makeImage(input, platform, place, folder)), platform, place })
    }
    putInPlace(folder, out)
    return made
  } catch (error) {
    takeAway(beside)
    throw error
  }
}

async function makeImage(
  { files, home, base: baseFile }: ImageInput,
  platform: Platform,
  place: string,
  folder: string,
): Promise<Omit<MadeImage, 'platform' | 'place'>> {
  const distribution = JSON.parse(textOf(files, 'distribution.json')) as Distribution // held against its checksum
  const { machines, deployment } = distribution
  const isFor =
    deployment?.platforms?.includes(platform) ?? machines?.includes(machineOf(platform)) ?? true
  if (!isFor) throw new Refused([notMadeFor(distribution, platform)])
  const base = await readBase(baseFile, platform, builtInLimits)
  const trees = layersOf({
    files: inImage(files),
    plugins: distribution.plugins.map(({ name }) => name),
    runtime: await runtimeFor(base, platform, distribution.node, home),
    room: largestLayers - base.layers.length,
  })
  const layers = []
  for (const { name, tree } of trees) layers.push({ name, blob: blobOf(await layerTar(tree)) })
  const image = imageOf({
    base,
    layers,
    distribution,
    migrationPlan: digestOf(files.get('migrations/plan.json') ?? new Uint8Array()),
    platform,
  })
  await write(image, { name: distribution.name, place }, files, join(folder, place))
  const { reference, digest, id } = image
  return {
    name: distribution.name,
    reference,
    digest,
    id,
    layers: [...base.layers.map((blob) => ({ name: 'base', blob })), ...layers].map(
      ({ name, blob }) => ({ name, digest: blob.digest, sizeBytes: blob.bytes.length }),
    ),
  }
}

/** All files but those that the distribution's own .dockerignore leaves out: what its Dockerfile copies. */
function inImage(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  const left = textOf(files, '.dockerignore').split('\n').filter(Boolean)
  const isLeft = (path: string) => left.some((each) => path === each || path.startsWith(`${each}/`))
  return new Map([...files].filter(([path]) => !isLeft(path)))
}

function textOf(files: ReadonlyMap<string, Uint8Array>, path: string): string {
  const bytes = files.get(path)
  if (!bytes) throw new Error(`a distribution must have a ${path}`)
  return Buffer.from(bytes).toString('utf8')
}

async function write(
  { reference, files: image }: Image,
  { name, place }: { readonly name: string; readonly place: string },
  files: ReadonlyMap<string, Uint8Array>,
  folder: string,
): Promise<void> {
  const template = readFileSync(join(templatesFolder, 'image-docker-compose.yml.hbs'), 'utf8')
  const document = withImage(textOf(files, 'docker-compose.yml'), name, reference)
  const text = Handlebars.compile(template, { strict: true, noEscape: true })({
    name,
    place: place === '' ? name : `${name}/${place}`,
    reference,
    document,
  })
  writeFiles(join(folder, 'layout'), image)
  await writeTar(join(folder, `${name}.tar`), image)
  writeFiles(
    folder,
    new Map([
      ...[...files].filter(([path]) => besideIt.has(path) || /^(proxy|fragments)\//.test(path)),
      ['docker-compose.yml', Buffer.from(text)],
    ]),
  )
}
