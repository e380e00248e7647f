import { builtInLimits } from '../archive/limits.ts'
import { infrastructure } from '../model/infrastructure.ts'
import { platforms } from '../model/platform.ts'
import type { Schema } from '../read/misfits.ts'
import { privilegePattern } from '../read/privileges.ts'

const text: Schema = { type: 'string', minLength: 1, maxLength: 500 }
const name: Schema = { type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 40 }
const strict = { type: 'object', additionalProperties: false } as const
const byPlugin = (schema: Schema): Schema => ({
  ...strict,
  patternProperties: { [name.pattern ?? '']: schema },
})
const choice = (...values: readonly string[]): Schema => ({
  anyOf: values.map((value) => ({ const: value })),
})

const npmPackage: Schema = {
  type: 'string',
  pattern: '^(@[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._-]*$',
  maxLength: 214,
  description: 'the name of an npm package like @shop/loyalty',
}
const registry: Schema = {
  type: 'string',
  pattern: '^https?://[^@\\s?#]+$',
  description: 'true, or an address like https://npm.example.com',
}
// Without a password in it: selections are committed.
const gitAddress: Schema = {
  type: 'string',
  pattern:
    '^(https?://[^@\\s]+|(ssh|git)://([A-Za-z0-9._-]+@)?[^@\\s]+|file://\\S+|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:[^\\s]+)$',
  maxLength: 500,
  description: 'an address like https://git.example.com/loyalty.git, without a password in it',
}
const revision: Schema = {
  type: 'string',
  pattern: '^[A-Za-z0-9_](?!.*\\.\\.)[A-Za-z0-9._/-]{0,199}$',
  description: 'a tag, a branch or a commit',
}
const gitFolder: Schema = {
  type: 'string',
  pattern: '^(?!.*\\.\\.)[A-Za-z0-9_][A-Za-z0-9._/-]*$',
  maxLength: 200,
  description: 'a folder of the repository like plugins/loyalty',
}
const pinnedImage: Schema = {
  type: 'string',
  pattern: '^[a-z0-9][a-z0-9._/:-]*@sha256:[0-9a-f]{64}$',
  description: 'an image with its digest like postgres:18-alpine@sha256:…',
}
const hostPort: Schema = { type: 'integer', minimum: 1, maximum: 65_535 }
const replicas: Schema = { type: 'integer', minimum: 1, maximum: 100 }
const privilege: Schema = {
  type: 'string',
  pattern: privilegePattern,
  description:
    'one of privileged, docker-socket, host-network, host-pid, host-ipc, host-path:/PATH, device:/dev/NAME, capability:NAME, security-opt:TEXT, external-network:NAME, external-volume:NAME',
}
const prereleasePolicy = choice('explicit', 'if-necessary', 'allow', 'never')

/** `selection.yaml`. */
export const selectionSchema: Schema = {
  ...strict,
  required: ['distribution', 'core', 'plugins'],
  properties: {
    distribution: name,
    core: text,
    sources: {
      type: 'array',
      items: {
        anyOf: [
          { ...strict, required: ['folder'], properties: { folder: text } },
          {
            ...strict,
            required: ['npm'],
            properties: { npm: { anyOf: [{ const: true }, registry] } },
          },
          {
            ...strict,
            required: ['catalogue'],
            properties: {
              catalogue: {
                type: 'string',
                pattern: '^https?://[^@\\s?#]+$',
                description: 'an address like https://plugins.example.com',
              },
            },
          },
        ],
      },
    },
    plugins: byPlugin({
      anyOf: [
        text,
        { ...strict, required: ['path'], properties: { path: text, version: text } },
        { ...strict, required: ['archive'], properties: { archive: text, version: text } },
        { ...strict, required: ['npm'], properties: { npm: npmPackage, version: text } },
        {
          ...strict,
          required: ['git', 'revision'],
          properties: { git: gitAddress, revision, folder: gitFolder, version: text },
        },
      ],
    }),
    deployment: {
      ...strict,
      properties: {
        host: {
          type: 'string',
          pattern: '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$',
          description: 'a host name like shop.example.com',
        },
        mode: choice('one-domain', 'multi-domain'),
        database: choice('embedded', 'postgres'),
        proxy: choice('caddy', 'nginx', 'none'),
        images: choice('pinned', 'tags'),
        coreImages: {
          ...strict,
          properties: {
            database: pinnedImage,
            caddy: pinnedImage,
            nginx: pinnedImage,
            ...Object.fromEntries(Object.keys(infrastructure).map((name) => [name, pinnedImage])),
          },
        },
        replicas: { ...strict, properties: { api: replicas, worker: replicas } },
        platforms: { type: 'array', minItems: 1, items: choice(...platforms) },
      },
    },
    overrides: byPlugin(text),
    prerelease: {
      anyOf: [prereleasePolicy, byPlugin(prereleasePolicy)],
    },
    settings: byPlugin({ type: 'object' }),
    grants: byPlugin({
      ...strict,
      properties: {
        ports: byPlugin({
          anyOf: [hostPort, { ...strict, patternProperties: { '^[1-9][0-9]{0,4}$': hostPort } }],
        }),
        native: { type: 'array', items: npmPackage },
        privileges: { type: 'array', items: privilege },
      },
    }),
    limits: {
      ...strict,
      properties: Object.fromEntries(
        Object.entries(builtInLimits).map(([key, maximum]) => [
          key,
          { type: 'integer', minimum: 1, maximum },
        ]),
      ),
    },
    force: { type: 'object' },
    notAfter: {
      type: 'string',
      pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2}Z)?$',
      description: 'a day like 2026-11-01',
    },
    removed: byPlugin(choice('keep', 'export', 'drop')),
  },
}
