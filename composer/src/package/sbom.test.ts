import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openCache } from '../cache/cache.ts'
import type { Plan } from '../model/plan.ts'
import { sbom } from './sbom.ts'

test('what core stands on is looked for once, what a plugin brings each time, and no database is told of that is left out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'compose-sbom-'))
  try {
    const install = (version: string) => {
      write(folder, { name: 'tips', version: '1.0.0', dependencies: { coins: '*' } })
      const coins = join(folder, 'node_modules/coins')
      write(coins, { name: 'coins', version, license: 'MIT OR ISC', dependencies: { pg: '*' } })
      write(join(coins, 'node_modules/pg'), { name: 'pg', version: '1.2.3' })
    }
    const cache = openCache(join(folder, 'cache'))
    const namesOf = (database: 'embedded' | 'postgres') => {
      const { components } = sbom(planOf(database, folder), 'sha256-x', 'sha256-core', cache)
      return components.map(({ purl }) => purl)
    }
    install('1.0.0')
    const first = namesOf('embedded')
    expect(first).toEqual(expect.arrayContaining([expect.stringMatching(/^pkg:npm\/fastify@/)]))
    expect(first.filter((purl) => /tips|coins|pg@1\.2\.3/.test(purl))).toEqual([
      'pkg:generic/bitcartcc-plugin-tips@1.0.0',
      'pkg:npm/coins@1.0.0',
      'pkg:npm/pg@1.2.3',
    ])
    expect(namesOf('embedded')).toEqual(first)
    install('1.0.1')
    const changed = first.map((purl) => purl.replace('coins@1.0.0', 'coins@1.0.1'))
    expect(namesOf('embedded')).toEqual(changed)

    const isEmbedded = (purl: string) => purl.startsWith('pkg:npm/%40electric-sql/pglite@')
    expect(namesOf('postgres')).toEqual(changed.filter((purl) => !isEmbedded(purl)))
    expect(changed.filter(isEmbedded)).toHaveLength(1)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

function write(folder: string, manifest: object): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
}

const planOf = (database: 'embedded' | 'postgres', folder: string) => ({
  name: 'shop',
  core: '1.0.0',
  deployment: { host: 'localhost', mode: 'one-domain', database, proxy: 'none' } as const,
  plugins: [
    {
      release: { name: 'tips', folder, manifest: { name: 'tips', version: '1.0.0' } },
      tree: 'h1:',
    },
  ] as unknown as Plan['plugins'], // all it reads
})
