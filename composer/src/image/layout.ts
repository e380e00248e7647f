import type { Distribution } from '@bitcartcc/sdk/resources'
import { container } from '../model/container.ts'
import type { Base } from './base.ts'
import { blobOf, blobPath, type ImageBlob } from './blob.ts'
import { architectureOf, type Platform } from '../model/platform.ts'
import { nodeFolder } from './runtime.ts'

export interface Described {
  readonly base: Base
  readonly layers: readonly { readonly name: string; readonly blob: ImageBlob }[]
  readonly distribution: Distribution
  /** Hash of `migrations/plan.json`. */
  readonly migrationPlan: string
  readonly platform: Platform
}

export interface Image {
  /** What docker-compose calls it: a name of this machine alone, and a tag that spells the digest. */
  readonly reference: string
  /** Of the manifest. */
  readonly digest: string
  /** Of the configuration: what engines call the image's id. */
  readonly id: string
  /** The OCI image layout, with the manifest.json that `docker load` asks for: path → bytes. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

const epoch = '1970-01-01T00:00:00Z'
const type = (what: string) => `application/vnd.oci.image.${what}`

/** Describes layers as an image; a function of its input alone. Source: opencontainers/image-spec 1.1, Docker image spec 1.2. */
export function imageOf(described: Described): Image {
  const { base, layers, distribution, platform } = described
  const all = [...base.layers, ...layers.map(({ blob }) => blob)]
  const config = blobOf(json(configOf(described)))
  const manifest = blobOf(
    json({
      schemaVersion: 2,
      mediaType: type('manifest.v1+json'),
      config: { mediaType: type('config.v1+json'), ...sized(config) },
      layers: all.map((blob) => ({ mediaType: type('layer.v1.tar'), ...sized(blob) })),
      annotations: { 'org.opencontainers.image.created': epoch, ...labelsOf(described) },
    }),
  )
  // `localhost/` keeps engines from completing the name with a registry, and from asking one for it.
  const reference = `localhost/${distribution.name}:${manifest.digest.slice('sha256:'.length)}`
  const index = {
    schemaVersion: 2,
    mediaType: type('index.v1+json'),
    manifests: [
      {
        mediaType: type('manifest.v1+json'),
        ...sized(manifest),
        platform: { architecture: architectureOf(platform), os: 'linux' },
        annotations: {
          'io.containerd.image.name': reference,
          'org.opencontainers.image.ref.name': reference.slice(reference.indexOf(':') + 1),
        },
      },
    ],
  }
  const saved = [
    {
      Config: blobPath(config.digest),
      RepoTags: [reference],
      Layers: all.map(({ digest }) => blobPath(digest)),
    },
  ]
  const blobs = [config, manifest, ...all].map(
    ({ digest, bytes }) => [blobPath(digest), bytes] as const,
  )
  return {
    reference,
    digest: manifest.digest,
    id: config.digest,
    files: new Map([
      ['oci-layout', json({ imageLayoutVersion: '1.0.0' })],
      ['index.json', json(index)],
      ['manifest.json', json(saved)],
      ...blobs.toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ]),
  }
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const sized = ({ digest, bytes }: ImageBlob) => ({ digest, size: bytes.length })

function configOf(described: Described): object {
  const { base, layers, platform } = described
  const { interval, timeout, startPeriod } = container.healthcheckSeconds
  const step = (by: string) => ({ created: epoch, created_by: by })
  return {
    architecture: architectureOf(platform),
    os: 'linux',
    created: epoch,
    config: {
      User: `${container.user}:${container.user}`,
      ExposedPorts: { [`${container.port}/tcp`]: {} },
      Env: envOf(base),
      Entrypoint: container.entrypoint,
      Cmd: container.command,
      Healthcheck: {
        Test: ['CMD', ...container.healthcheck],
        Interval: interval * nanoseconds,
        Timeout: timeout * nanoseconds,
        StartPeriod: startPeriod * nanoseconds,
      },
      Volumes: { [container.dataFolder]: {} },
      WorkingDir: container.folder,
      Labels: labelsOf(described),
    },
    rootfs: {
      type: 'layers',
      diff_ids: [...base.layers, ...layers.map(({ blob }) => blob)].map(({ digest }) => digest),
    },
    history: [
      ...base.layers.map(() => step('base')),
      ...layers.map(({ name }) => step(`compose image: ${name}`)),
    ],
  }
}

const nanoseconds = 1e9

/** What the base says, but for the two that are ours; Node's folder is on the path wherever the base has its own. */
function envOf({ env }: Base): readonly string[] {
  const given = new Map(
    env.map((each) => {
      const at = each.indexOf('=')
      return [each.slice(0, at), each.slice(at + 1)]
    }),
  )
  const folders = (given.get('PATH') ?? '/usr/local/bin:/usr/bin:/bin').split(':')
  const path = folders.includes(nodeFolder) ? folders : [nodeFolder, ...folders]
  return [
    ...new Map([
      ...given,
      ['PATH', path.join(':')],
      ['NODE_ENV', 'production'],
      ['DATA_DIR', container.dataFolder],
    ]),
  ]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
}

function labelsOf({ base, distribution, migrationPlan }: Described): Record<string, string> {
  const { name, core, node, plugins, digest } = distribution
  const licences = new Set(['MIT', ...plugins.map(({ license }) => license)])
  return {
    'bitcartcc.base': base.chain,
    'bitcartcc.core': core,
    'bitcartcc.lock': digest,
    'bitcartcc.migrations': migrationPlan,
    'bitcartcc.node': node,
    'bitcartcc.plugins': plugins.map((each) => `${each.name} ${each.version}`).join(', '),
    'org.opencontainers.image.licenses': [...licences]
      .toSorted()
      .map((each) => (/\s/.test(each) ? `(${each})` : each))
      .join(' AND '),
    'org.opencontainers.image.title': name,
    'org.opencontainers.image.version': core,
  }
}
