import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import { unpackTar } from 'modern-tar'
import { packageFolder, versionIn } from '../house.ts'
import type { Base } from './base.ts'
import type { Tree } from './layer.ts'
import { nodePackageOf, type Platform } from '../model/platform.ts'
import { lacksLibraries, noRuntime } from './problems.ts'

/** Where Node goes in an image, and what must find it there. */
export const nodeFolder = '/usr/local/bin'

/**
 * Gives the Node that the distribution was proved on: none where the base says that it has this very one, else the one of
 * this workspace, from the npm package of that platform.
 */
export async function runtimeFor(
  base: Base,
  platform: Platform,
  node: string,
  home: string,
): Promise<Tree> {
  if (base.env.includes(`NODE_VERSION=${node}`)) return new Map()
  const name = nodePackageOf(platform)
  const folder = packageFolder(home, name)
  const version = folder && versionIn(folder)
  if (folder === undefined || version !== node)
    throw new Refused([noRuntime(base.at, platform, node, { package: name, version })])
  const missing = await librariesMissing(base, platform)
  if (missing.length > 0) throw new Refused([lacksLibraries(base.at, missing)])
  return new Map([
    [
      `${nodeFolder.slice(1)}/node`,
      { bytes: readFileSync(join(folder, 'bin/node')), isProgram: true },
    ],
    ['usr/local/share/licenses/node/LICENSE', { bytes: readFileSync(join(folder, 'LICENSE')) }],
  ])
}

/** Beside the C library itself these are what small bases lack. */
const linked = {
  'linux/amd64': ['ld-linux-x86-64.so.2', 'libstdc++.so.6'],
  'linux/arm64': ['ld-linux-aarch64.so.1', 'libstdc++.so.6'],
} as const satisfies Record<Platform, readonly string[]>

async function librariesMissing(base: Base, platform: Platform): Promise<readonly string[]> {
  const names = new Set<string>()
  for (const { bytes } of base.layers)
    await unpackTar(bytes, {
      filter: ({ name }) => {
        names.add(name.slice(name.lastIndexOf('/') + 1))
        return false
      },
    })
  return linked[platform].filter((name) => !names.has(name))
}
