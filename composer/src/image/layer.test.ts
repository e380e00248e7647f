import { unpackTar } from 'modern-tar'
import { expect, test } from 'vitest'
import { count } from '../../../test/counts.ts'
import { randomFrom, seed } from '../../../test/support/random.ts'
import { digestOf } from './blob.ts'
import { layerTar, type Entry, type Tree } from './layer.ts'

/** A line an entry, as `tar --list --verbose` would give it. */
async function listOf(tar: Uint8Array): Promise<readonly string[]> {
  return (await unpackTar(tar, { strict: true })).map(
    ({ header: { type, name, mode, uid, gid, mtime, uname }, data }) =>
      [
        type,
        (mode ?? 0).toString(8),
        `${uid}:${gid}`,
        `${mtime?.getTime()}${uname ?? ''}`,
        name,
        data ? Buffer.from(data).toString() : '',
      ]
        .join(' ')
        .trim(),
  )
}

const tree: Tree = new Map<string, Entry>([
  ['b/c', { bytes: Buffer.from('c') }],
  ['data', { folderOf: 1000 }],
  ['b/a', { bytes: Buffer.from('a'), isProgram: true }],
  ['b-', { bytes: Buffer.from('dash') }],
  ['b/ü/d', { bytes: Buffer.from('d') }],
])

test('a layer is sorted, at the epoch, without names of owners, and each folder stands in it once', async () => {
  expect(await listOf(await layerTar(tree))).toEqual([
    'file 644 0:0 0 b- dash',
    'directory 755 0:0 0 b/',
    'file 755 0:0 0 b/a a',
    'file 644 0:0 0 b/c c',
    'directory 755 0:0 0 b/ü/',
    'file 644 0:0 0 b/ü/d d',
    'directory 755 1000:1000 0 data/',
  ])
})

test('a tree has one digest on every machine', async () => {
  expect(digestOf(await layerTar(tree))).toMatchInlineSnapshot(
    `"sha256:0016bc706308c9a6c2abb708fcf0a7eb7afd45c24608425e1d7114496dab1152"`,
  )
})

test('a name that would hide files of other layers is no part of a layer', () => {
  expect(() => layerTar(new Map([['a/.wh.b', { bytes: Buffer.from('') }]]))).toThrow(
    'a/.wh.b would hide a file of another layer',
  )
})

const of = seed()
test(`what comes out is what went in, whatever its order (seed ${of})`, async () => {
  const random = randomFrom(of)
  const below = (many: number) => Math.floor(random() * many)
  const segment = () => ['a', 'b', 'ä', 'a-b', 'x'.repeat(90), 'long'.repeat(20)][below(6)] ?? ''
  for (let round = 0; round < count(60, 2000); round++) {
    const files = new Map<string, Entry>()
    for (let many = below(12); many > 0; many--) {
      const path = `${Array.from({ length: 1 + below(4) }, segment).join('/')}.${many}`
      files.set(path, { bytes: Buffer.alloc(below(700), below(256)) })
    }
    const shuffled = [...files].toSorted(() => random() - 0.5)
    const tar = await layerTar(files)
    expect(Buffer.compare(tar, await layerTar(new Map(shuffled)))).toBe(0)
    const entries = await unpackTar(tar, { strict: true })
    const names = entries.map(({ header }) => header.name)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
    const found = entries.flatMap(({ header, data }) =>
      header.type === 'file' ? [[header.name, { bytes: Buffer.from(data ?? []) }] as const] : [],
    )
    expect(new Map(found)).toEqual(files)
  }
})
