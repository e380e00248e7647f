import { readDirectory } from './directory.ts'
import { readEndRecord } from './end-record.ts'
import { safeEntries, type Entry } from './entries.ts'
import { builtInLimits, largestManifestBytes, type Limits } from './limits.ts'
import { packedBytes } from './local-headers.ts'
import { contentReason } from './path-rules.ts'
import { breaks, outcomeOf, type Outcome } from './rule.ts'
import { unpackedBytes } from './unpacked-bytes.ts'

/** Path → bytes of a plugin's files, `plugin.yaml` first, in the order of the archive. */
export type ArchiveFiles = ReadonlyMap<string, Buffer>

/**
 * Reads a `.bitcartcc` archive: a zip of exactly one layout. Takes all its bytes, gives all its files, or the rule it breaks.
 *
 * Nothing is written and nothing of the archive is run. The same order of checks for every archive: structure, names,
 * types, collisions, headers, data, contents; the first rule that is broken is the answer. Deflate, times and mode bits
 * are the only freedom an archive has.
 */
export function readArchive(bytes: Buffer, limits: Limits = builtInLimits): Outcome<ArchiveFiles> {
  return outcomeOf(() => {
    const { entries, packed } = outline(bytes, limits)
    const files = new Map<string, Buffer>()
    for (const [at, entry] of entries.entries())
      if (!entry.isFolder)
        files.set(entry.path, unpackedBytes(entry, packed[at] ?? empty, entries.length))
    const first = manifestOf(entries, files.get(manifestName))
    if (first.number !== 1)
      breaks('E_ZIP_CONTENT', 'manifest-not-first', placeOf(first, entries.length))
    for (const entry of entries) {
      const reason = contentReason(entry.path, files.get(entry.path) ?? empty)
      if (reason !== undefined) breaks('E_ZIP_CONTENT', reason, placeOf(entry, entries.length))
    }
    return files
  })
}

/** Reads the manifest alone, once structure and names are safe: what a source needs to know. */
export function readManifest(bytes: Buffer, limits: Limits = builtInLimits): Outcome<string> {
  return outcomeOf(() => {
    const { entries, packed } = outline(bytes, limits)
    const [first] = entries
    const manifest =
      first?.path === manifestName
        ? unpackedBytes(first, packed[0] ?? empty, entries.length)
        : undefined
    if (manifest === undefined && entries.some(({ path }) => path === manifestName))
      breaks('E_ZIP_CONTENT', 'manifest-not-first')
    manifestOf(entries, manifest)
    return (manifest ?? empty).toString('utf8')
  })
}

const empty = Buffer.alloc(0)
const manifestName = 'plugin.yaml'
const placeOf = (entry: Entry, of: number) => ({
  entry: { number: entry.number, of },
  name: entry.path,
})

function outline(bytes: Buffer, limits: Limits) {
  if (bytes.length > limits.archiveBytes) breaks('E_ZIP_LIMIT', 'archive-size')
  const end = readEndRecord(bytes, limits)
  const entries = safeEntries(readDirectory(bytes, end, limits))
  return { entries, packed: packedBytes(bytes, entries, end) }
}

/** The entry of the manifest, whose text is UTF-8 and of a size a person could write. */
function manifestOf(entries: readonly Entry[], manifest: Buffer | undefined): Entry {
  const entry = entries.find(({ path }) => path === manifestName)
  if (!entry || !manifest) return breaks('E_ZIP_CONTENT', 'manifest-missing')
  const where = placeOf(entry, entries.length)
  const reason = textReason(manifest)
  if (reason !== undefined) breaks('E_MANIFEST_ENCODING', reason, where)
  return entry
}

/** What keeps bytes from being the text of a manifest. */
export function textReason(bytes: Buffer): string | undefined {
  if (bytes.length > largestManifestBytes) return 'too-large'
  if (bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) return 'byte-order-mark'
  if (bytes.includes(0)) return 'nul'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return undefined
  } catch {
    return 'not-utf-8'
  }
}
