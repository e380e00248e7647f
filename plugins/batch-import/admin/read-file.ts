import { useTexts } from '@bitcartcc/sdk/vue'

const t = useTexts('batch-import')
const maxBytes = 10_000_000

/** Text of a CSV file, or the sentence that says why there is none. Reads UTF-8, and UTF-16 where it says so. */
export async function readFile(
  file: Blob,
): Promise<{ ok: true; text: string } | { ok: false; says: string }> {
  if (file.size === 0) return { ok: false, says: t('The file is empty.') }
  if (file.size > maxBytes)
    return {
      ok: false,
      says: t('The file has {size} MB, and at most 10 MB fit. Split it into several files.', {
        size: Math.round(file.size / 100_000) / 10,
      }),
    }
  return textOf(new Uint8Array(await file.arrayBuffer()))
}

/** The text of these bytes. */
export function textOf(
  bytes: Uint8Array,
): { ok: true; text: string } | { ok: false; says: string } {
  const [first, second] = bytes
  if (first === 0x50 && second === 0x4b)
    return {
      ok: false,
      says: t(
        'This is a spreadsheet or an archive, not a CSV file. Save the table as “CSV UTF-8”.',
      ),
    }
  const encoding =
    first === 0xff && second === 0xfe
      ? 'utf-16le'
      : first === 0xfe && second === 0xff
        ? 'utf-16be'
        : 'utf-8'
  try {
    return { ok: true, text: new TextDecoder(encoding, { fatal: true }).decode(bytes) }
  } catch {
    return { ok: false, says: t('The file is not UTF-8. Save the table as “CSV UTF-8”.') }
  }
}
