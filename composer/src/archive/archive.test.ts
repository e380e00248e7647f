import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readArchive, readManifest } from './index.ts'
import { craft, manifest, plugin, type Crafted, type CraftedEnd } from './test-support.ts'
import { builtInLimits } from './limits.ts'
import { escaped } from './problems.ts'
import { sentences } from './words.ts'
import { writeArchive } from './write-archive.ts'

const text = (value: string) => Buffer.from(value)
const zeros = (bytes: number) => Buffer.alloc(bytes)
const mode = (bits: number) => bits * 0x10000
const file = (name: Crafted['name'], more: Partial<Crafted> = {}): Crafted => ({
  name,
  bytes: text('export {}\n'),
  ...more,
})

/** The verdict on an archive, in short: `E_ZIP_PATH traversal`, or `accepted`. */
function verdict(entries: readonly Crafted[], end?: CraftedEnd): string {
  return verdictOn(craft(entries, end))
}
function verdictOn(bytes: Buffer, limits = builtInLimits): string {
  const read = readArchive(bytes, limits)
  return read.isSafe ? 'accepted' : `${read.broken.rule} ${read.broken.reason}`
}

test('an honest archive is read whole: stored and deflated, whatever its modes', () => {
  const read = readArchive(
    craft([
      plugin,
      file('src/'.concat('index.js'), { method: 8 }),
      file('src/run', { external: mode(0o104755) }),
      { name: 'empty.txt' },
      { name: 'docs/', external: mode(0o040755) },
    ]),
  )
  expect(read).toEqual({
    isSafe: true,
    value: new Map([
      ['plugin.yaml', text(manifest)],
      ['src/index.js', text('export {}\n')],
      ['src/run', text('export {}\n')],
      ['empty.txt', zeros(0)],
    ]),
  })
})

describe('an archive is refused for', () => {
  const long = 'a'.repeat(101)
  const names: readonly (readonly [string, Crafted['name'], string])[] = [
    ['a file above its folder', '../evil.js', 'E_ZIP_PATH traversal'],
    ['a path that goes up and comes back', 'src/../plugin.yaml', 'E_ZIP_PATH traversal'],
    ['an absolute path', '/etc/evil', 'E_ZIP_PATH absolute'],
    ['a path of Windows', '..\\evil.js', 'E_ZIP_PATH backslash'],
    ['a drive', 'C:/evil', 'E_ZIP_PATH character'],
    ['a share', '//srv/share/evil', 'E_ZIP_PATH absolute'],
    ['an alternate stream', 'src/a.js:hidden', 'E_ZIP_PATH character'],
    ['a path of this folder', './plugin.yaml', 'E_ZIP_PATH dot-segment'],
    ['an empty segment', 'src//a.js', 'E_ZIP_PATH empty-segment'],
    ['no name', '', 'E_ZIP_PATH empty-name'],
    ['a control character', 'a.js\0.png', 'E_ZIP_PATH control'],
    ['an override of direction', 'a\u202egpj.js', 'E_ZIP_PATH invisible'],
    ['a byte order mark', '\ufeffa.js', 'E_ZIP_PATH invisible'],
    ['a dot at an end', 'src./a.js', 'E_ZIP_PATH trailing'],
    ['a space at an end', 'src/a.js ', 'E_ZIP_PATH trailing'],
    ['only dots', 'src/...', 'E_ZIP_PATH trailing'],
    ['a device', 'src/CON.js', 'E_ZIP_PATH device-name'],
    ['a device with a raised digit', 'com¹.txt', 'E_ZIP_PATH device-name'],
    ['a name of two forms', 'cafe\u0301.js', 'E_ZIP_PATH not-nfc'],
    ['folders without end', `${'a/'.repeat(2000)}b`, 'E_ZIP_PATH too-long'],
    ['a long segment', `${long}.js`, 'E_ZIP_PATH too-long'],
    ['too many folders', `${'a/'.repeat(20)}b`, 'E_ZIP_PATH too-deep'],
    ['bytes that are no text', Buffer.from([0x61, 0xff, 0xfe]), 'E_ZIP_PATH encoding'],
    ['an overlong slash', Buffer.from([0x2e, 0x2e, 0xc0, 0xaf]), 'E_ZIP_PATH encoding'],
    ['half a pair', Buffer.from([0xed, 0xa0, 0x80]), 'E_ZIP_PATH encoding'],
    ['a whiteout', 'src/.wh.index.js', 'E_ZIP_CONTENT whiteout'],
    ['an opaque whiteout', '.wh..wh..opq', 'E_ZIP_CONTENT whiteout'],
    ['npm packages', 'node_modules/vue/index.js', 'E_ZIP_CONTENT reserved-folder'],
    ['hooks of git', 'src/.GIT/hooks/post-checkout', 'E_ZIP_CONTENT reserved-folder'],
    ["npm's settings", '.npmrc', 'E_ZIP_CONTENT reserved-file'],
    ['an environment', 'api/.env.local', 'E_ZIP_CONTENT reserved-file'],
    ['a prototype', '__proto__/x', 'E_ZIP_CONTENT prototype-name'],
    ['an archive inside', 'assets/more.tgz', 'E_ZIP_CONTENT nested-archive'],
    ['native code', 'build/addon.node', 'E_ZIP_CONTENT native-code'],
    ['a native build', 'binding.gyp', 'E_ZIP_CONTENT native-code'],
  ]
  test.each(names)('%s', (_, name, expected) => {
    expect(verdict([plugin, file(name)])).toBe(expected)
  })

  const packed = deflateRawSync(Buffer.alloc(1000, 'a'))
  const entries: readonly (readonly [string, readonly Crafted[], string])[] = [
    [
      'a name without its mark of UTF-8',
      [plugin, file('ä.js', { flags: 0 })],
      'E_ZIP_PATH encoding',
    ],
    ['a manifest twice', [plugin, plugin], 'E_ZIP_COLLISION duplicate'],
    ['two names that differ in case', [plugin, file('PLUGIN.YAML')], 'E_ZIP_COLLISION case'],
    ['folders that differ in case', [plugin, file('a/x'), file('A/y')], 'E_ZIP_COLLISION case'],
    ['the dotless i', [plugin, file('i.js'), file('ı.js')], 'E_ZIP_COLLISION case'],
    ['a ligature', [plugin, file('file.js'), file('ﬁle.js')], 'E_ZIP_COLLISION case'],
    [
      'a file where a folder is',
      [plugin, file('a'), file('a/b')],
      'E_ZIP_COLLISION file-and-folder',
    ],
    [
      'a folder where a file is',
      [plugin, file('a/b'), file('a')],
      'E_ZIP_COLLISION file-and-folder',
    ],
    [
      'a link to elsewhere',
      [plugin, file('a', { bytes: text('/etc/passwd'), external: mode(0o120777) })],
      'E_ZIP_TYPE link',
    ],
    [
      'a link to inside',
      [plugin, file('a', { bytes: text('plugin.yaml'), external: mode(0o120777) })],
      'E_ZIP_TYPE link',
    ],
    ['a device file', [plugin, file('a', { external: mode(0o020644) })], 'E_ZIP_TYPE special'],
    ['a pipe', [plugin, file('a', { external: mode(0o010644) })], 'E_ZIP_TYPE special'],
    [
      'a file that says it is a folder',
      [plugin, file('a', { external: 0x10 })],
      'E_ZIP_TYPE special',
    ],
    [
      'a folder with bytes',
      [plugin, file('d/', { external: mode(0o040755) })],
      'E_ZIP_TYPE folder-with-data',
    ],
    [
      'another local name',
      [plugin, file('readme.md', { localName: 'src/index.js' })],
      'E_ZIP_HEADER mismatch',
    ],
    ['another local checksum', [plugin, file('a', { localCrc: 1 })], 'E_ZIP_HEADER mismatch'],
    [
      'a local extra field',
      [plugin, file('a', { localExtra: zeros(8) })],
      'E_ZIP_HEADER extra-field',
    ],
    [
      'an extra field',
      [plugin, file('safe.txt', { extra: text('up\x09\0\x01abcd../e') })],
      'E_ZIP_HEADER extra-field',
    ],
    [
      'a comment of an entry',
      [plugin, file('a', { comment: 'hello' })],
      'E_ZIP_HEADER entry-comment',
    ],
    ['a version above 2.0', [plugin, file('a', { version: 45 })], 'E_ZIP_HEADER version'],
    ['a data descriptor', [plugin, file('a', { flags: 0x0808 })], 'E_ZIP_HEADER flags'],
    ['encryption', [plugin, file('a', { flags: 0x0801 })], 'E_ZIP_ENCRYPTED encrypted'],
    ['strong encryption', [plugin, file('a', { flags: 0x0840 })], 'E_ZIP_ENCRYPTED encrypted'],
    ['a masked directory', [plugin, file('a', { flags: 0x2800 })], 'E_ZIP_ENCRYPTED encrypted'],
    ['another method', [plugin, file('a', { method: 14 })], 'E_ZIP_METHOD method'],
    ['another disk', [plugin, file('a', { disk: 1 })], 'E_ZIP_STRUCTURE multi-disk'],
    ['sizes of ZIP64', [plugin, file('a', { sizeBytes: 0xffffffff })], 'E_ZIP_STRUCTURE zip64'],
    ['a wrong checksum', [plugin, file('a', { crc: 7 })], 'E_ZIP_DATA crc'],
    [
      'more bytes than promised',
      [plugin, file('a', { method: 8, packed, sizeBytes: 10 })],
      'E_ZIP_DATA size',
    ],
    [
      'fewer bytes than promised',
      [plugin, file('a', { method: 8, packed, sizeBytes: 1001 })],
      'E_ZIP_DATA size',
    ],
    ['two sizes of a stored file', [plugin, file('a', { sizeBytes: 2 })], 'E_ZIP_DATA size'],
    [
      'bytes after a stream',
      [
        plugin,
        file('a', {
          method: 8,
          bytes: Buffer.alloc(1000, 'a'),
          packed: Buffer.concat([packed, text('more')]),
        }),
      ],
      'E_ZIP_DATA stream',
    ],
    [
      'half a stream',
      [
        plugin,
        file('a', { method: 8, bytes: Buffer.alloc(1000, 'a'), packed: packed.subarray(0, -3) }),
      ],
      'E_ZIP_DATA stream',
    ],
    [
      'bytes that are no stream',
      [plugin, file('a', { method: 8, packed: text('not deflate') })],
      'E_ZIP_DATA stream',
    ],
    [
      'a stream for nothing that has bytes',
      [plugin, file('a', { method: 8, bytes: zeros(0), packed })],
      'E_ZIP_DATA size',
    ],
    [
      'an entry that no record names',
      [plugin, file('hidden.js', { isHidden: true }), file('a')],
      'E_ZIP_STRUCTURE gap',
    ],
    [
      'a last entry that no record names',
      [plugin, file('hidden.js', { isHidden: true })],
      'E_ZIP_STRUCTURE gap',
    ],
    [
      'two entries of the same bytes',
      [plugin, file('a'), file('b', { isGhost: true, localAt: 0 })],
      'E_ZIP_STRUCTURE overlap',
    ],
    [
      'an entry that reaches into the directory',
      [plugin, file('a', { compressedBytes: 60, sizeBytes: 60 })],
      'E_ZIP_STRUCTURE overlap',
    ],
    [
      'a bomb of zeros',
      [plugin, file('a', { method: 8, bytes: zeros(50 * 1024 * 1024) })],
      'E_ZIP_LIMIT entry-size',
    ],
    [
      'a smaller bomb of zeros',
      [plugin, file('a', { method: 8, bytes: zeros(2 * 1024 * 1024) })],
      'E_ZIP_LIMIT ratio',
    ],
    [
      'many entries that promise much',
      [
        plugin,
        ...Array.from({ length: 9 }, (_, at) =>
          file(`a${at}`, { sizeBytes: 30 * 1024 * 1024, compressedBytes: 30 * 1024 * 1024 }),
        ),
      ],
      'E_ZIP_LIMIT total-size',
    ],
    ['no entries', [], 'E_ZIP_CONTENT manifest-missing'],
    ['no manifest', [file('a')], 'E_ZIP_CONTENT manifest-missing'],
    ['a manifest of another spelling', [file('Plugin.yaml')], 'E_ZIP_CONTENT manifest-missing'],
    ['a manifest in a folder', [file('loyalty/plugin.yaml')], 'E_ZIP_CONTENT manifest-missing'],
    ['a manifest that is not first', [file('a'), plugin], 'E_ZIP_CONTENT manifest-not-first'],
    [
      'an archive under another name',
      [plugin, file('logo.png', { bytes: craft([plugin]) })],
      'E_ZIP_CONTENT nested-archive',
    ],
    [
      'gzip under another name',
      [plugin, file('logo.png', { bytes: Buffer.from([0x1f, 0x8b, 8]) })],
      'E_ZIP_CONTENT nested-archive',
    ],
    [
      'a manifest with a byte order mark',
      [{ ...plugin, bytes: text(`\ufeff${manifest}`) }],
      'E_MANIFEST_ENCODING byte-order-mark',
    ],
    [
      'a manifest with NUL',
      [{ ...plugin, bytes: text(`${manifest}\0`) }],
      'E_MANIFEST_ENCODING nul',
    ],
    [
      'a manifest that is no text',
      [{ ...plugin, bytes: Buffer.from([0xff, 0xfe]) }],
      'E_MANIFEST_ENCODING not-utf-8',
    ],
    [
      'a manifest of two megabytes',
      [{ ...plugin, bytes: Buffer.alloc(2 * 1024 * 1024, '# long\n') }],
      'E_MANIFEST_ENCODING too-large',
    ],
  ]
  test.each(entries)('%s', (_, crafted, expected) => {
    expect(verdict(crafted)).toBe(expected)
  })

  const ends: readonly (readonly [string, CraftedEnd, string])[] = [
    ['a program before it', { prefix: text('MZ stub') }, 'E_ZIP_STRUCTURE prefix'],
    ['bytes after it', { suffix: text('\n') }, 'E_ZIP_STRUCTURE trailing'],
    [
      'another archive before it',
      { prefix: craft([plugin]), directoryAt: 0 },
      'E_ZIP_STRUCTURE end-record',
    ],
    ['too few counted', { entries: 1 }, 'E_ZIP_STRUCTURE entry-count'],
    ['too many counted', { entries: 3 }, 'E_ZIP_STRUCTURE entry-count'],
    ['two counts', { entries: 2, onDisk: 1 }, 'E_ZIP_STRUCTURE entry-count'],
    ['a comment', { comment: 'hello' }, 'E_ZIP_STRUCTURE comment'],
    ['a second disk', { disk: 1 }, 'E_ZIP_STRUCTURE multi-disk'],
    ['ZIP64', { entries: 0xffff }, 'E_ZIP_STRUCTURE zip64'],
    ['more than ten thousand entries', { entries: 10_001 }, 'E_ZIP_LIMIT entries'],
  ]
  test.each(ends)('%s', (_, end, expected) => {
    expect(verdict([plugin, file('a')], end)).toBe(expected)
  })

  test('what is cut, empty or something else', () => {
    const whole = craft([plugin, file('a')])
    const two = Buffer.concat([craft([plugin]), craft([plugin, file('a')])])
    expect(
      [whole.subarray(0, 200), Buffer.alloc(0), text('a text of no archive at all'), two].map(
        (bytes) => verdictOn(bytes),
      ),
    ).toEqual([
      'E_ZIP_STRUCTURE end-record',
      'E_ZIP_STRUCTURE not-a-zip',
      'E_ZIP_STRUCTURE not-a-zip',
      'E_ZIP_STRUCTURE end-record',
    ])
  })

  test('limits that a selection has lowered', () => {
    const whole = craft([plugin, file('a'), file('b')])
    const lowered = (limits: Partial<typeof builtInLimits>) =>
      verdictOn(whole, { ...builtInLimits, ...limits })
    expect([
      lowered({ archiveBytes: 100 }),
      lowered({ entries: 2 }),
      lowered({ entryBytes: 100 }),
      lowered({ totalBytes: 160 }),
      lowered({}),
    ]).toEqual([
      'E_ZIP_LIMIT archive-size',
      'E_ZIP_LIMIT entries',
      'E_ZIP_LIMIT entry-size',
      'E_ZIP_LIMIT total-size',
      'accepted',
    ])
  })
})

test('the manifest is read without a look at the other data', () => {
  const damaged = craft([plugin, file('a', { crc: 7 })])
  expect([readManifest(damaged), verdictOn(damaged)]).toEqual([
    { isSafe: true, value: manifest },
    'E_ZIP_DATA crc',
  ])
})

test('what is written is what is read, and its bytes depend on paths and contents alone', () => {
  const files: readonly (readonly [string, Buffer])[] = [
    ['plugin.yaml', text(manifest)],
    ['1', text('a name that JavaScript would sort first')],
    ['Zebra.ts', text('z')],
    ['api/routes.ts', text('export {}\n')],
    ['locales/ä.json', text('{}')],
    ['locales/ﬀ.json', zeros(0)],
    ['locales/𝄞.json', text('{}')],
  ]
  const written = writeArchive(new Map(files))
  expect(writeArchive(new Map(files.toReversed()))).toEqual(written)
  const read = readArchive(written)
  expect(read.isSafe && [...read.value]).toEqual([...files])
})

test('each rule has its words, and each word its rule', () => {
  const folder = import.meta.dirname
  const code = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !/test|words/.test(name))
    // A tarball of npm is read under the same rules.
    .concat('../npm/tarball.ts')
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')
  const untold = [...sentences.keys()].filter((key) => {
    const [rule = '', reason = ''] = key.split(' ')
    return !code.includes(`'${rule}'`) || !code.includes(`'${reason}'`)
  })
  const wordless = [...code.matchAll(/breaks\(\s*'(\w+)',\s*'([\w-]+)'/g)]
    .map(([, rule, reason]) => `${rule} ${reason}`)
    .filter((key) => !sentences.has(key))
  expect({ untold, wordless }).toEqual({ untold: [], wordless: [] })
})

test('a name is told in printable ASCII', () => {
  expect([escaped('a\u202egpj.js\u001b[31m'), escaped('../x'), escaped('y'.repeat(500))]).toEqual([
    '"a\\u{202e}gpj.js\\u{1b}[31m"',
    '"../x"',
    `"${'y'.repeat(28)} … ${'y'.repeat(28)}"`,
  ])
})
