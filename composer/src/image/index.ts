import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Handlebars from 'handlebars'
import { Refused } from '@bitcartcc/sdk/problem'
import type { Distribution } from '@bitcartcc/sdk/resources'
import { templatesFolder } from '../house.ts'
import { makeBeside, mend, putInPlace } from '../place/swap.ts'
import { builtInLimits } from './base-files.ts'
import { readBase } from './base.ts'
import { blobOf, digestOf } from './blob.ts'
import { withImage } from './docker-compose.ts'
import { layerTar } from './layer.ts'
import { layersOf } from './layers.ts'
import { imageOf, type Image } from './layout.ts'
import { machineOf, type Platform } from './platform.ts'
import { otherMachine } from './problems.ts'
import { runtimeFor } from './runtime.ts'
import { writeFiles, writeTar } from './write.ts'

export interface ImageInput {
  /** Every file of a distribution, as it was built. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** An OCI image layout, or a tar. */
  readonly base: string
  readonly platform: Platform
  /** Where Node's packages are looked for, in node_modules from here upwards. */
  readonly home: string
  /** The folder that is written; what is there is replaced as a whole. */
  readonly out: string
}

export interface MadeImage extends Omit<Image, 'files'> {
  readonly name: string
  /** Bottom first. */
  readonly layers: readonly {
    readonly name: string
    readonly digest: string
    readonly sizeBytes: number
  }[]
}

/** What engines take, less a few: runtimes stop at 125. */
const largestLayers = 100

/**
 * Makes the image of a distribution and writes it, without an engine: `layout/`, an OCI image layout; `NAME.tar`, the same
 * for `docker load`; and beside them the docker-compose file that names it, with what that file needs.
 *
 * What comes out is a function of the distribution, the base and the platform. Refuses with image/….
 */
export async function makeImage(input: ImageInput): Promise<MadeImage> {
  const { files, platform, home, out } = input
  const distribution = JSON.parse(textOf(files, 'distribution.json')) as Distribution // held against its checksum
  const { machine } = distribution
  if (machine !== undefined && machine !== machineOf(platform))
    throw new Refused([otherMachine(distribution, machine, platform)])
  const base = await readBase(input.base, platform, builtInLimits)
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
  await write(image, distribution.name, files, out)
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
  name: string,
  files: ReadonlyMap<string, Uint8Array>,
  out: string,
): Promise<void> {
  const template = readFileSync(join(templatesFolder, 'image-docker-compose.yml.hbs'), 'utf8')
  const document = withImage(textOf(files, 'docker-compose.yml'), name, reference)
  const text = Handlebars.compile(template, { strict: true, noEscape: true })({
    name,
    reference,
    document,
  })
  mend(out)
  const folder = makeBeside(out)
  try {
    writeFiles(join(folder, 'layout'), image)
    await writeTar(join(folder, `${name}.tar`), image)
    writeFiles(
      folder,
      new Map([
        ...[...files].filter(
          ([path]) => path === '.env.example' || /^(proxy|fragments)\//.test(path),
        ),
        ['docker-compose.yml', Buffer.from(text)],
      ]),
    )
    putInPlace(folder, out)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}
