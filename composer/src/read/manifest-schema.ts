import schema from '@bitcartcc/sdk/plugin.schema.json' with { type: 'json' }
import type { Schema } from './misfits.ts'

/** What `plugin.yaml` may say. */
export const manifestSchema: Schema = schema

/** What a package.json repeats of it. */
export const listedSchema: Schema = schema.definitions.listed
