import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createTarPacker } from 'modern-tar'

type Files = ReadonlyMap<string, Uint8Array>

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Files): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
}

/** Writes an image layout as one tar, in the order of the files; the folders of blobs come first, as engines write them. */
export async function writeTar(file: string, files: Files): Promise<void> {
  const { readable, controller } = createTarPacker()
  const written = pipeline(Readable.fromWeb(readable), createWriteStream(file))
  const common = { uid: 0, gid: 0, mtime: new Date(0) }
  const add = async () => {
    for (const name of ['blobs/', 'blobs/sha256/'])
      await controller.add({ ...common, name, type: 'directory', mode: 0o755, size: 0 }).close()
    for (const [name, bytes] of files) {
      const writer = controller
        .add({ ...common, name, type: 'file', mode: 0o644, size: bytes.length })
        .getWriter()
      await writer.write(bytes)
      await writer.close()
    }
    controller.finalize()
  }
  await Promise.all([written, add()])
}
