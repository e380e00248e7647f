import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { pin } from '../lock/index.ts'
import type { Locked } from '../model/lock.ts'
import type { Selection } from '../model/selection.ts'
import { resolve } from '../resolve/index.ts'
import { readSelection } from '../selection/index.ts'
import { readCatalog } from '../sources/index.ts'
import type { RandomFragment } from './test-fragments.ts'

/** A selection of plugins with a fragment each, pinned. */
export interface World {
  readonly selection: Selection
  readonly locked: Locked
  readonly folder: string
}

/** Makes plugins with these fragments, and a selection of them all that grants what they ask for. */
export async function makeWorld(
  made: readonly (RandomFragment & { readonly name: string })[],
  force: Readonly<Record<string, string>>,
): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'compose-fragments-'))
  for (const { name, fragment, services } of made) {
    mkdirSync(join(folder, 'plugins', name, 'services'), { recursive: true })
    writeFileSync(join(folder, 'plugins', name, 'services/docker-compose.yml'), fragment)
    for (const file of ['conf', 'key'])
      writeFileSync(join(folder, 'plugins', name, 'services', file), file)
    writeFileSync(
      join(folder, 'plugins', name, 'plugin.yaml'),
      stringify({
        name,
        version: '1.0.0',
        title: name,
        description: 'A random one.',
        author: 'BitcartCC',
        license: 'MIT',
        requires: { bitcartcc: '*' },
        contributes: { services },
      }),
    )
  }
  writeFileSync(
    join(folder, 'selection.yaml'),
    stringify({
      distribution: 'test',
      core: '*',
      plugins: Object.fromEntries(made.map(({ name }) => [name, '*'])),
      deployment: { images: 'tags' },
      grants: Object.fromEntries(made.map(({ name, grants }) => [name, grants])),
      force,
    }),
  )
  const selection = await readSelection(join(folder, 'selection.yaml'))
  const locked = await pin(selection, resolve(selection, await readCatalog(selection)), {
    isFrozen: false,
    out: join(folder, 'dist'),
  })
  return { selection, locked, folder }
}

export const removeWorld = ({ folder }: World): void =>
  rmSync(folder, { recursive: true, force: true })
