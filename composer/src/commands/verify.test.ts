import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tellFailure } from './failure.ts'
import { verifyCommand } from './verify.ts'

let home: string
let cwd: string
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const files = { 'chunks/core.js': 'core', 'server.js': 'serve' }
const sums = Object.entries(files)
  .map(([path, text]) => `${sha256(text)}  ${path}\n`)
  .join('')
beforeEach(async () => {
  home = process.cwd()
  cwd = await mkdtemp(join(tmpdir(), 'compose-verify-'))
  process.chdir(cwd)
  await mkdir('dist/shop/chunks', { recursive: true })
  for (const [path, text] of Object.entries(files)) await writeFile(`dist/shop/${path}`, text)
  await writeFile('dist/shop/SHA256SUMS', sums)
})
afterEach(async () => {
  process.chdir(home)
  await rm(cwd, { recursive: true, force: true })
})

async function verify(...words: readonly string[]) {
  let said = ''
  const say = (text: string) => void (said += text)
  const asked = { words, flags: { frozen: false, json: false, quiet: true }, print: say, tell: say }
  try {
    return { exit: await verifyCommand(asked), said: said.trim() }
  } catch (error) {
    return { exit: tellFailure(error, asked), said: said.trim() }
  }
}

test('a distribution as it was built has one hash', async () => {
  expect(await verify()).toEqual({ exit: 0, said: `${sha256(sums)}  dist/shop/SHA256SUMS` })
})

test('what was changed, taken away and added is told at once', async () => {
  await writeFile('dist/shop/server.js', 'sErve')
  await rm('dist/shop/chunks/core.js')
  await writeFile('dist/shop/.env', 'SECRET_KEY=1')
  expect(await verify('dist/shop')).toEqual({
    exit: 1,
    said: `✗ dist/shop/chunks/core.js is gone.

  Fix: Build it again, with --frozen for the same versions:   compose build --frozen

  More: compose explain verify/gone

✗ dist/shop/server.js is not what was built.

    built   ${sha256('serve')}
    found   ${sha256('sErve')}

  Fix: Build it again, with --frozen for the same versions:   compose build --frozen

  More: compose explain verify/other-bytes

✗ dist/shop/.env was added after the build.

  Fix: Keep what is yours outside of the distribution, which the next build replaces.

  More: compose explain verify/added

3 problems. Nothing was built.`,
  })
})

test('without its checksums nothing can be told', async () => {
  await rm('dist/shop/SHA256SUMS')
  expect(await verify()).toEqual({
    exit: 1,
    said: `✗ dist/shop has no SHA256SUMS: it cannot be told what was built.

  Fix: Build it again, with --frozen for the same versions:   compose build --frozen

  More: compose explain verify/no-sums

1 problem. Nothing was built.`,
  })
})
