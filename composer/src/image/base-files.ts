import { readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import { unpackTar } from 'modern-tar'
import { sizeText } from '../views/inspected.ts'
import { notAnImage, tooBig } from './problems.ts'

/** What a base may weigh; the bytes of its layers count as they are unpacked. */
export interface BaseLimits {
  /** An index, a manifest or a configuration. */
  readonly documentBytes: number
  /** All layers together, and the tar they come in. */
  readonly layersBytes: number
  readonly layers: number
}

const mebibyte = 1024 * 1024

export const builtInLimits: BaseLimits = {
  documentBytes: 4 * mebibyte,
  layersBytes: 1024 * mebibyte,
  layers: 80,
}

/** The files of a base, wherever they lie. */
export interface BaseFiles {
  /** How the base is called in problems. */
  readonly at: string
  readonly limits: BaseLimits
  /** The bytes at a path; undefined where there is no file. */
  readonly read: (path: string) => Uint8Array | undefined
}

/** Opens a folder or a tar; nothing in it is believed yet. */
export async function openBase(path: string, limits: BaseLimits): Promise<BaseFiles> {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new Refused([notAnImage(path, 'there is nothing of that name')])
  if (found.isDirectory()) return { at: path, limits, read: (file) => fileIn(path, file, limits) }
  if (found.size > limits.layersBytes)
    throw new Refused([tooBig(path, sizeText(found.size), sizeText(limits.layersBytes))])
  const files = await tarFiles(path)
  return { at: path, limits, read: (file) => files.get(file) }
}

/** Paths are of this room's making: `index.json`, and blobs named by their digest. */
function fileIn(folder: string, path: string, limits: BaseLimits): Uint8Array | undefined {
  const file = join(folder, path)
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found?.isFile()) return undefined
  if (found.size > limits.layersBytes)
    throw new Refused([
      tooBig(folder, `${path} has ${sizeText(found.size)}`, sizeText(limits.layersBytes)),
    ])
  return readFileSync(file)
}

async function tarFiles(path: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const bytes = readFileSync(path)
  if (bytes[0] === 0x1f && bytes[1] === 0x8b)
    throw new Refused([notAnImage(path, 'it is compressed')])
  const entries = await unpackTar(bytes, { strict: true }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Refused([notAnImage(path, 'it cannot be read as a tar', [['reason', reason]])])
  })
  const files = new Map<string, Uint8Array>()
  for (const { header, data } of entries)
    if (header.type === 'file') files.set(posix.normalize(header.name), data ?? new Uint8Array())
  // docker save writes a layer that comes twice once, and a link for the second time.
  for (const { header } of entries) {
    const name = posix.normalize(header.name)
    const target = files.get(posix.join(posix.dirname(name), header.linkname ?? ''))
    if (header.type === 'symlink' && target) files.set(name, target)
  }
  return files
}
