import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { archiveBytes, integrityOf } from '../archive/archive-bytes.ts'
import { readManifest } from '../archive/index.ts'
import type { Limits } from '../archive/limits.ts'
import { unsafeArchive } from '../archive/problems.ts'
import { unpackedFolder } from '../archive/unpack.ts'
import type { Release } from '../model/release.ts'
import { releaseOf, type BrokenRelease } from '../read/manifest-text.ts'
import { notReadable } from './problems.ts'
import type { Found } from './found.ts'

/** Reads the manifest of one release, from its folder or from inside of its archive; nothing is unpacked. */
export function readRelease(
  found: Found,
  source: string,
  { limits, cacheDir }: { readonly limits: Limits; readonly cacheDir: string },
): Release | BrokenRelease {
  if (!found.isArchive) {
    const text = textOf(join(found.path, 'plugin.yaml'))
    if (text === undefined)
      return { name: basename(found.path), problems: [notReadable(`${source}/plugin.yaml`)] }
    return releaseOf(text, basename(found.path), source, {
      folder: found.path,
      origin: found.path,
      ...own(found),
    })
  }
  const name = basename(found.path).replace(/(-\d[^/]*)?\.bitcartcc$/, '')
  const bytes = archiveBytes(found.path, limits)
  const integrity = bytes.isSafe ? integrityOf(bytes.value) : undefined
  const manifest = bytes.isSafe ? readManifest(bytes.value, limits) : bytes
  if (!manifest.isSafe || integrity === undefined)
    return {
      name,
      problems: manifest.isSafe
        ? []
        : [
            unsafeArchive(source, manifest.broken, {
              before: askedAt(found),
              ...(integrity === undefined ? {} : { integrity }),
            }),
          ],
    }
  return releaseOf(manifest.value, name, source, {
    folder: unpackedFolder(cacheDir, integrity),
    origin: found.path,
    integrity,
    ...own(found),
  })
}

const own = ({ asked }: Found) => (asked === undefined ? {} : { isOwn: true })

const askedAt = ({ asked }: Found) =>
  asked === undefined ? [] : [[`${asked.at.file}:${asked.at.line}`, asked.text]]

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
