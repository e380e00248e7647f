import { builtInLimits } from '../archive/limits.ts'
import type { Schema } from '../read/misfits.ts'

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
      },
    },
    overrides: byPlugin(text),
    prerelease: {
      anyOf: [prereleasePolicy, byPlugin(prereleasePolicy)],
    },
    settings: byPlugin({ type: 'object' }),
    grants: byPlugin({
      ...strict,
      properties: { ports: byPlugin({ type: 'integer', minimum: 1, maximum: 65_535 }) },
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
    removed: byPlugin(choice('keep', 'export', 'drop')),
  },
}
