import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { writeBase } from './support/base-image.ts'
import { compose } from './support/compose.ts'
import { builtStandard, standardSelection, takeLock, type Built } from './support/distribution.ts'
import { hashesOf } from './support/tree.ts'

const probe = await mkdtemp(join(tmpdir(), 'compose-disk-'))
const mount = (folder: string, size: string) =>
  execa('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { reject: false })
const mayMount = (await mount(probe, '1m')).exitCode === 0
if (mayMount) await execa('umount', [probe])
await rm(probe, { recursive: true })
const word = mayMount ? '' : ' (skipped: a small disk cannot be mounted here)'

describe.skipIf(!mayMount)(`a disk that is full${word}`, () => {
  let standard: Built
  let cwd: string
  beforeAll(async () => {
    standard = await builtStandard()
  })
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'compose-disk-'))
    const asked = parse(await readFile(standardSelection, 'utf8')) as { deployment?: object } // our own file
    const moved = { ...asked, deployment: { ...asked.deployment, host: 'moved.example.com' } }
    await writeFile(join(cwd, 'selection.yaml'), stringify(moved))
    await takeLock(standard, cwd)
  })
  afterEach(() => rm(cwd, { recursive: true, force: true }))

  // Room for the old distribution, and not for the new one beside it; for the plugins, and not for the bundles.
  test.each([
    ['dist', '30m', standardFolder],
    ['.compose', '100k', () => []],
  ])('%s: the old distribution stays, and nothing half made', async (name, size, filled) => {
    const disk = join(cwd, name)
    await mkdir(disk)
    await mount(disk, size)
    try {
      for (const folder of filled(standard))
        await cp(folder, join(disk, 'standard'), { recursive: true })
      const before = await hashesOf(disk)
      const run = await compose(['build', 'selection.yaml', '--quiet'], {
        cwd,
        cacheDir: standard.cacheDir,
      })
      expect([run.exitCode, masked(run.stderr)]).toEqual([1, fullDisk])
      if (name === 'dist')
        expect([await hashesOf(disk), await readdir(disk)]).toEqual([before, ['standard']])
    } finally {
      await execa('umount', [disk])
    }
  })

  // Room for the layout, and not for the tar of it.
  test('images: what was there stays, and nothing half made', async () => {
    await writeBase(join(cwd, 'base.tar'))
    const disk = join(cwd, 'images')
    await mkdir(disk)
    await mount(disk, '30m')
    try {
      await mkdir(join(disk, 'standard'))
      await writeFile(join(disk, 'standard/standard.tar'), 'an older one')
      const before = await hashesOf(disk)
      const run = await compose(['image', standard.folder, '--base', 'base.tar', '--quiet'], {
        cwd,
        cacheDir: standard.cacheDir,
      })
      expect([run.exitCode, masked(run.stderr)]).toEqual([
        1,
        fullDisk.replace(' Nothing was built.', ''),
      ])
      expect([await hashesOf(disk), await readdir(disk)]).toEqual([before, ['standard']])
    } finally {
      await execa('umount', [disk])
    }
  })

  /** Where it ended is another place each time. */
  const masked = (text: string) =>
    text
      .replaceAll(cwd, '.')
      .replaceAll(/^    (?:file|system) +.*$/gm, '    …')
      .trim()
})

const standardFolder = (standard: Built) => [standard.folder]

const fullDisk = `✗ There is no space left on the disk.

    …

  The distribution that was there is untouched.

  Fix: Make room there. COMPOSE_CACHE_DIR moves the cache, TMPDIR what is written for a moment, --out the distribution.

  More: compose explain package/no-room

1 problem. Nothing was built.`
