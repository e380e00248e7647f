import { expect, test } from 'vitest'
import { isLong } from '../../../test/counts.ts'
import { readArchive, readManifest } from './index.ts'
import { pathReason } from './path-rules.ts'
import { craft, plugin, type Crafted } from './test-support.ts'
import { wordsFor } from './words.ts'
import { writeArchive } from './write-archive.ts'

const seed = Number(process.env['COMPOSE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 32))

test(`damaged archives end in files with safe names or in a rule with words (seed ${seed})`, () => {
  const random = randomFrom(seed)
  const below = (many: number) => Math.floor(random() * many)
  const names = [
    'a',
    'a/b',
    '../x',
    'A',
    'd/',
    'plugin.yaml',
    'ä',
    '.wh.a',
    'con.js',
    '__proto__',
    '',
  ]
  const odd = [0, 1, 8, 20, 0x0800, 0xffff, 0xffffffff]
  const oneOf = <T>(values: readonly T[]): T => values[below(values.length)] as T // below its length
  const crafted = (): Crafted => ({
    name: oneOf(names),
    bytes: Buffer.alloc(below(60), below(256)),
    method: oneOf([0, 0, 8, 8, 14]),
    ...(below(4) === 0 ? { sizeBytes: oneOf(odd) } : {}),
    ...(below(8) === 0 ? { localAt: oneOf(odd) } : {}),
    ...(below(8) === 0 ? { external: oneOf([0o120777, 0o040755, 0o100644]) * 0x10000 } : {}),
  })
  const damaged = (whole: Buffer): Buffer => {
    const bytes = Buffer.from(whole)
    for (let times = below(4); times > 0; times--) {
      const at = below(bytes.length)
      if (below(2) === 0) bytes[at] = below(256)
      else if (at + 4 <= bytes.length) bytes.writeUInt32LE(oneOf(odd), at)
    }
    return below(5) === 0 ? bytes.subarray(0, below(bytes.length)) : bytes
  }
  let accepted = 0
  for (let run = 0; run < (isLong ? 100_000 : 3_000); run++) {
    const whole = craft([plugin, ...Array.from({ length: below(4) }, crafted)])
    const bytes = damaged(whole)
    const read = readArchive(bytes)
    readManifest(bytes)
    if (!read.isSafe) {
      wordsFor(read.broken)
      continue
    }
    accepted++
    const files = read.value
    const again = readArchive(writeArchive(files))
    expect([...files.keys()].filter((path) => pathReason(path) !== undefined)).toEqual([])
    expect(again.isSafe && again.value).toEqual(files)
  }
  expect(accepted).toBeGreaterThan(0)
})

/** The same row of numbers from 0 up to 1 for the same seed (mulberry32). */
function randomFrom(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
