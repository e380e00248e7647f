import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { wasmFlags } from '../../../test/support/wasm-flags.ts'
import { emptyDatabaseFile } from '../src/empty-database.ts'

test(
  'the empty database is the one that PGlite makes, whenever and wherever it is made',
  { timeout: 120_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'bitcartcc-empty-'))
    try {
      const file = join(folder, 'made.tar.zst')
      execFileSync(process.execPath, [...wasmFlags, join(import.meta.dirname, 'make.ts'), file], {
        env: { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' },
      })
      // Another release of zstd may pack it otherwise.
      const [kept, made] = [emptyDatabaseFile, file].map((each) =>
        zstdDecompressSync(readFileSync(each)),
      )
      expect(
        kept?.equals(made ?? Buffer.of()),
        'after a change of PGlite or of its parameters: node core/domain/empty-database/make.ts',
      ).toBe(true)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)
