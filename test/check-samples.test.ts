import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compose, root } from './support/compose.ts'
import { sharedCacheDir } from './support/distribution.ts'

const samples = join(root, 'test/samples')
const ofBuild = (await readdir(samples))
  .filter((name) => /^(check|build|compile)-/.test(name))
  .toSorted()

// Plans that hold together and whose code or SQL does not: found by compiling types, rehearsing and bundling, before
// anything is made.
test.each(ofBuild)('%s', async (sample) => {
  const cwd = await mkdtemp(join(tmpdir(), 'compose-sample-'))
  try {
    await cp(join(samples, sample), cwd, { recursive: true })
    await mkdir(sharedCacheDir(), { recursive: true })
    const run = await compose(['build', '--quiet'], { cwd, cacheDir: sharedCacheDir() })
    const before = await readdir(join(samples, sample))
    const made = (await readdir(cwd)).filter(
      (name) => !before.includes(name) && ['dist', 'selection.lock'].includes(name),
    )
    expect({ exit: run.exitCode, told: run.stderr.trim(), stdout: run.stdout, made }).toEqual({
      exit: 1,
      told: (await readFile(join(samples, sample, 'expected.txt'), 'utf8')).trim(),
      stdout: '',
      // What cannot be compiled was locked before: its types and migrations fit.
      made: sample.startsWith('compile-') ? ['selection.lock'] : [],
    })
  } finally {
    await rm(cwd, { recursive: true, force: true })
  }
})
