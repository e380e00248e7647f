import { largestDepth, largestPathBytes, largestSegmentBytes } from './limits.ts'

/** What is wrong with the path of a file in a plugin, `/` between segments; the first rule that is broken, or undefined. */
export function pathReason(path: string): string | undefined {
  if (path === '') return 'empty-name'
  if (!path.isWellFormed()) return 'encoding'
  if (/\p{Cc}/u.test(path)) return 'control'
  if (/[\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u.test(path)) return 'invisible'
  if (path.includes('\\')) return 'backslash'
  if (path.startsWith('/')) return 'absolute'
  if (/[:<>"|?*]/.test(path)) return 'character'
  const segments = path.replace(/\/$/, '').split('/')
  if (Buffer.byteLength(path) > largestPathBytes) return 'too-long'
  if (segments.some((each) => Buffer.byteLength(each) > largestSegmentBytes)) return 'too-long'
  if (segments.length > largestDepth) return 'too-deep'
  if (segments.includes('..')) return 'traversal'
  if (segments.includes('.')) return 'dot-segment'
  if (segments.includes('')) return 'empty-segment'
  if (segments.some((each) => /^ |[. ]$/.test(each))) return 'trailing'
  if (segments.some((each) => devices.test(each.split('.')[0] ?? ''))) return 'device-name'
  return path === path.normalize('NFC') ? undefined : 'not-nfc'
}

/** Names that Windows gives to devices, whatever follows the first dot. */
const devices = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *$/i

/** What a name would mean to npm, git, an image layer or a JavaScript object; undefined where it is only a name. */
export function reservedReason(path: string): string | undefined {
  const segments = path.replace(/\/$/, '').split('/')
  if (segments.some((each) => each.startsWith('.wh.'))) return 'whiteout'
  const folded = segments.map((each) => each.toLowerCase())
  if (folded.some((each) => reservedFolders.has(each))) return 'reserved-folder'
  if (folded.some((each) => reservedFiles.test(each))) return 'reserved-file'
  return segments.some((each) => prototypeNames.has(each)) ? 'prototype-name' : undefined
}

const reservedFolders = new Set(['node_modules', '.git', '.hg', '.svn'])
const reservedFiles = /^(\.npmrc|\.yarnrc.*|\.pnpmfile\..*|\.env.*|\.gitattributes|\.gitmodules)$/
const prototypeNames = new Set(['__proto__', 'constructor', 'prototype'])

/** What a file inside of a plugin may not be, by its name and first bytes. */
export function contentReason(path: string, bytes: Uint8Array): string | undefined {
  if (nested.test(path) || startsLikeAnArchive(bytes)) return 'nested-archive'
  return /(^|\/)binding\.gyp$|\.node$/i.test(path) ? 'native-code' : undefined
}

const nested = /\.(zip|bitcart|bitcartcc|tar|tgz|gz|bz2|xz|zst|7z|rar|jar)$/i
const startsLikeAnArchive = (bytes: Uint8Array) =>
  (bytes[0] === 0x1f && bytes[1] === 0x8b) ||
  (bytes[0] === 0x50 &&
    bytes[1] === 0x4b &&
    ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6)))
