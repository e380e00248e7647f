import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { packTar } from 'modern-tar'

/** What `docker save` would write of an image that holds one file, and says that it has this Node. */
export async function writeBase(file: string): Promise<void> {
  const layer = await packTar([fileOf('etc/passwd', 'root:x:0:0::/root:/bin/sh\n')])
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: { Env: [`NODE_VERSION=${process.versions.node}`] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
  })
  const name = `${sha256(config)}.json`
  const saved = [{ Config: name, RepoTags: ['base:1'], Layers: ['layer.tar'] }]
  const parts = { [name]: config, 'layer.tar': layer, 'manifest.json': JSON.stringify(saved) }
  await writeFile(
    file,
    await packTar(Object.entries(parts).map(([path, content]) => fileOf(path, content))),
  )
}
const sha256 = (of: Uint8Array | string) => createHash('sha256').update(of).digest('hex')
const fileOf = (name: string, content: Uint8Array | string) => {
  const body = Buffer.from(content)
  return { header: { name, size: body.length, mtime: new Date(0) }, body }
}
