import { gzipSync } from 'node:zlib'
import { packTar, type TarEntry } from 'modern-tar'
import { expect, test } from 'vitest'
import { count } from '../../../test/counts.ts'
import { randomFrom, seed } from '../../../test/support/random.ts'
import { builtInLimits } from '../archive/limits.ts'
import { pathReason } from '../archive/path-rules.ts'
import { wordsFor } from '../archive/words.ts'
import { filesOfTarball } from './tarball.ts'

const file = (name: string, body = 'x'): TarEntry => ({
  header: { name, size: body.length, type: 'file' },
  body,
})
const link = (type: 'symlink' | 'link', name: string, linkname: string): TarEntry => ({
  header: { name, size: 0, type, linkname },
})
const zipped = async (...entries: readonly TarEntry[]) => gzipSync(await packTar(entries))
const small = { ...builtInLimits, entryBytes: 100, totalBytes: 1000, entries: 5 }

async function outcome(bytes: Buffer): Promise<string> {
  const read = await filesOfTarball(bytes, () => true, small)
  return read.isSafe ? [...read.value.keys()].join(' ') : wordsFor(read.broken)
}

test.each<[string, () => Promise<Buffer>, string]>([
  [
    'a plugin',
    () => zipped(file('package/plugin.yaml'), file('package/api/a.ts')),
    'api/a.ts plugin.yaml',
  ],
  ['another first folder', () => zipped(file('loyalty/plugin.yaml')), 'plugin.yaml'],
  ['a way out', () => zipped(file('package/../../x')), 'would write outside its own folder'],
  [
    'a way out below',
    () => zipped(file('package/a/../../x')),
    'would write outside its own folder',
  ],
  [
    'an absolute name',
    () => zipped(file('package//etc/passwd')),
    'would write outside its own folder',
  ],
  ['a link', () => zipped(link('symlink', 'package/a', '/etc/passwd')), 'holds a link'],
  [
    'a hard link',
    () => zipped(file('package/a'), link('link', 'package/b', '/etc/passwd')),
    'holds a link',
  ],
  [
    'a large file',
    () => zipped(file('package/a', 'x'.repeat(101))),
    'holds a file that is larger than it may be',
  ],
  ['a bomb', () => zipped(file('package/a', 'x'.repeat(100_000))), 'unpacks to more than it may'],
  [
    'too many',
    () => zipped(...[...'abcdef'].map((name) => file(`package/${name}`))),
    'holds more entries than it may',
  ],
  ['no tarball', async () => gzipSync('hello '.repeat(200)), 'is no tarball of an npm package'],
  ['no gzip', async () => Buffer.from('hello'), 'is no tarball of an npm package'],
  [
    'half of one',
    async () => (await zipped(file('package/plugin.yaml'))).subarray(0, 60),
    'is no tarball of an npm package',
  ],
])('%s', async (_, make, expected) => {
  expect(await outcome(await make())).toBe(expected)
})

test('two files of one name are refused', async () => {
  expect(await outcome(await zipped(file('package/a'), file('package/A')))).toMatch(
    /^holds two names/,
  )
})

const start = seed()
test(`damaged tarballs end in files with safe names or in words (seed ${start})`, async () => {
  const random = randomFrom(start)
  const whole = await packTar([
    file('package/plugin.yaml', 'name: x'),
    file('package/a/b.ts', 'y'.repeat(90)),
  ])
  for (let at = 0; at < count(300, 20_000); at++) {
    const bytes = Buffer.from(whole)
    for (let times = 1 + random() * 6; times > 0; times--)
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
    const read = await filesOfTarball(gzipSync(bytes), () => true, small)
    if (read.isSafe) expect([...read.value.keys()].map(pathReason).filter(Boolean)).toEqual([])
    else expect(wordsFor(read.broken)).not.toBe('')
  }
})
