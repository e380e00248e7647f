import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ListedFacts, Manifest } from './manifest.ts'

test('plugin.schema.json says what the manifest schema says', async () => {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'plugin.yaml of a plugin for BitcartCC',
    ...Manifest,
    // What a package.json repeats of it, under `bitcartcc`.
    definitions: { listed: ListedFacts },
  }
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, '../plugin.schema.json'),
  )
})
