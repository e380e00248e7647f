import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { openCache } from './cache/cache.ts'
import { released } from './cache/released.ts'

test(
  'a release holds core for each surface, and serves where it was made',
  { timeout: 120_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'compose-release-'))
    try {
      await execa(process.execPath, [join(import.meta.dirname, 'release.ts'), folder])
      const cache = openCache(folder)
      const served = ['core-server', 'core-admin', 'core-store'].map((key) =>
        [...(released(key, cache)?.keys() ?? [])]
          .map((path) => path.replace(/-[\w-]{8}\./, '.'))
          .filter((path) => /\/(core|vendor)\./.test(path))
          .toSorted(),
      )
      expect(served).toEqual([
        ['chunks/core.js', 'chunks/vendor.js'],
        ['admin/assets/core.css', 'admin/assets/core.js', 'admin/assets/vendor.js'],
        ['store/assets/core.css', 'store/assets/core.js', 'store/assets/vendor.js'],
      ])
      const others = (await readdir(join(folder, 'entries'))).map((name) =>
        name.split('-').slice(0, 2).join('-'),
      )
      expect(others.toSorted()).toEqual([
        'compose-spec',
        'core-admin',
        'core-server',
        'core-store',
        'kit-types',
      ])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
)
