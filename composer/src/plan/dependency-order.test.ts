import { expect, test } from 'vitest'
import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { readSelection } from '../selection/index.ts'
import { readCatalog } from '../sources/index.ts'
import { dependencyOrder } from './dependency-order.ts'

async function releasesOf(needs: Readonly<Record<string, readonly string[]>>) {
  const folder = mkdtempSync(join(tmpdir(), 'compose-order-'))
  for (const [name, others] of Object.entries(needs)) {
    mkdirSync(join(folder, 'own', name), { recursive: true })
    const requires = {
      bitcartcc: '^1.0.0',
      plugins: Object.fromEntries(others.map((other) => [other, '*'])),
    }
    writeFileSync(
      join(folder, 'own', name, 'plugin.yaml'),
      stringify({
        name,
        version: '1.0.0',
        title: name,
        description: name,
        author: 'A',
        license: 'MIT',
        requires,
        contributes: {},
      }),
    )
  }
  writeFileSync(
    join(folder, 'selection.yaml'),
    stringify({ distribution: 'test', core: '*', sources: [{ folder: './own' }], plugins: {} }),
  )
  const { releases } = await readCatalog(await readSelection(join(folder, 'selection.yaml')))
  return releases.flatMap((each) => (each.isListed || !(each.name in needs) ? [] : [each]))
}

test('each comes after those it needs, ties by name, whatever the order they are given in', async () => {
  const releases = await releasesOf({ a: ['c'], b: [], c: ['d'], d: [] })
  const orders = [releases, releases.toReversed()].map((each) =>
    dependencyOrder(each).releases.map(({ name }) => name),
  )
  expect(orders).toEqual([
    ['b', 'd', 'c', 'a'],
    ['b', 'd', 'c', 'a'],
  ])
})

test('a circle is named', async () => {
  const { circle } = dependencyOrder(await releasesOf({ a: ['b'], b: ['c'], c: ['b'], d: [] }))
  expect(circle).toEqual(['b', 'c'])
})
