import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { execa } from 'execa'
import { unpackTar } from 'modern-tar'
import { root } from '../support/compose.ts'
import type { Registry } from '../support/registry.ts'

/**
 * Lays compose and core out as npm would install them from a registry, each out of what `npm run pack` writes; the packages
 * they stand on are those of this workspace. Gives the program `compose`.
 */
export async function installed(folder: string, registry: Registry): Promise<string> {
  const packages = join(folder, 'packages')
  const modules = join(folder, 'node_modules')
  await execa(process.execPath, [join(root, 'composer/bootstrap.mjs'), 'pack', packages], {
    stdin: 'ignore',
  })
  for (const name of await readdir(packages)) {
    const tarball = await readFile(join(packages, name))
    await registry.publish(tarball)
    const entries = await unpackTar(gunzipSync(tarball))
    const manifest = entries.find(({ header }) => header.name === 'package/package.json')
    const read = JSON.parse(Buffer.from(manifest?.data ?? []).toString('utf8')) as {
      readonly name: string
      readonly dependencies?: Readonly<Record<string, string>>
    } // npm's own format
    for (const { header, data } of entries) {
      if (header.type !== 'file') continue
      const file = join(modules, read.name, header.name.slice('package/'.length))
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, data ?? '')
    }
    const room = read.name.slice('@bitcartcc/'.length)
    const from = join(root, room === 'composer' ? room : `core/${room}`, 'node_modules')
    for (const each of Object.keys(read.dependencies ?? {}))
      if (!each.startsWith('@bitcartcc/')) await link(join(from, each), join(modules, each))
  }
  await writeFile(join(folder, '.npmrc'), `@bitcartcc:registry=${registry.url}\n`)
  return join(modules, '@bitcartcc/composer/dist/bin.js')
}

async function link(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  // Several of ours stand on the same.
  await symlink(from, to, 'junction').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}
