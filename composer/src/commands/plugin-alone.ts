import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { stringify } from 'yaml'
import type { Manifest } from '@bitcartcc/sdk/manifest'
import { choicesOf } from '@bitcartcc/sdk/names'
import { coreVersion } from '../house.ts'
import { dependenciesOf } from '../npm/dependencies.ts'
import { corePackages } from '../npm/core-packages.ts'
import type { PluginAt } from './plugin-at.ts'
import { writing } from './writing.ts'

/** The selection that holds one plugin and what it requires; it lies where its author can look at it. */
const file = '.compose/types.yaml'

/**
 * Writes a selection of one plugin for its author's commands, and gives its place.
 *
 * What the plugin requires is looked for beside it and among the plugins we ship. A setting that it must be given gets some
 * value: nothing of the distribution runs.
 */
export async function selectionAlone({ release, bytes }: PluginAt): Promise<string> {
  const { name, folder, manifest } = release
  const settings = someSettings(manifest)
  const packages = dependenciesIn(bytes.get('package.json'))
  const text = stringify({
    distribution: 'types',
    core: coreVersion(),
    sources: needsOthers(manifest) ? [{ folder: from(dirname(folder)) }] : [],
    plugins: { [name]: { path: from(folder) } },
    deployment: { images: 'tags' },
    // Its author knows what it brings.
    ...(packages.length === 0 ? {} : { grants: { [name]: { native: packages } } }),
    ...(Object.keys(settings).length === 0 ? {} : { settings: { [name]: settings } }),
  })
  await writing(file, () => {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  })
  return file
}

const needsOthers = ({ requires: { plugins = {}, optional = {} } }: Manifest) =>
  Object.keys({ ...plugins, ...optional }).length > 0

/** Names of its npm packages; what is wrong with them, `lock` tells. */
const dependenciesIn = (packageJson: Uint8Array | undefined) =>
  Object.keys(dependenciesOf(packageJson, '', corePackages()).ranges)

const from = (folder: string) => relative(dirname(file), folder).replaceAll('\\', '/')

function someSettings({ settings = {} }: Manifest): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(settings)
      .filter(
        ([, each]) => each.required === true && each.default === undefined && each.secret !== true,
      )
      .map(([key, each]) => [
        key,
        each.type === 'boolean'
          ? false
          : each.type === 'string'
            ? (choicesOf(each)?.[0] ?? 'x'.repeat(each.minLength ?? 1))
            : (each.minimum ?? 1),
      ]),
  )
}
