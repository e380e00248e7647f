import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tellFailure } from './failure.ts'
import { imageCommand } from './image.ts'

let before: string
let cwd: string
beforeEach(async () => {
  before = process.cwd()
  cwd = await mkdtemp(join(tmpdir(), 'compose-image-'))
  process.chdir(cwd)
  await mkdir('dist/shop', { recursive: true })
  await writeFile('dist/shop/server.js', 'serve')
  const sum = createHash('sha256').update('serve').digest('hex')
  await writeFile('dist/shop/SHA256SUMS', `${sum}  server.js\n`)
})
afterEach(async () => {
  process.chdir(before)
  await rm(cwd, { recursive: true, force: true })
})

async function image(words: readonly string[], flags: { base?: string; platform?: string }) {
  let said = ''
  const say = (text: string) => void (said += text)
  const asked = {
    words,
    flags: { frozen: false, json: false, quiet: true, ...flags },
    print: say,
    tell: say,
  }
  try {
    return { exit: await imageCommand(asked), said: said.trim() }
  } catch (error) {
    return { exit: tellFailure(error, asked, ''), said: said.trim() }
  }
}

test('what is missing on the command line is told at once', async () => {
  expect(await image([], { platform: 'linux/s390x' })).toEqual({
    exit: 1,
    said: `✗ An image needs a base: the C library that Node links, and a folder for
  temporary files.

  No image was written.

  Fix: Save a small image once, and name it:   --base base.tar
         docker pull debian:13-slim && docker save debian:13-slim --output base.tar
         skopeo copy docker://debian:13-slim oci-archive:base.tar

  More: compose explain image/no-base

✗ No image can be made for linux/s390x.

  No image was written.

  Fix: Write one of these:   --platform linux/amd64   --platform linux/arm64

  More: compose explain image/unknown-platform

2 problems.`,
  })
})

test('of a distribution that is not there no image is made', async () => {
  expect(await image(['dist/none'], { base: 'base.tar' })).toEqual({
    exit: 1,
    said: `✗ There is no distribution in dist/none.

  Fix: Name the one that is there:   compose image dist/shop

  More: compose explain start/no-distribution

1 problem.`,
  })
})

test('a distribution that is not as it was built gets no image', async () => {
  await writeFile('dist/shop/.env', 'SECRET_KEY=1')
  expect(await image([], { base: 'base.tar' })).toEqual({
    exit: 1,
    said: `✗ dist/shop/.env was added after the build.

  Fix: Keep what is yours outside of the distribution, which the next build replaces.

  More: compose explain verify/added

1 problem.`,
  })
})
