import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { planSelection } from '../pipeline.ts'

test('a plan is the same whatever order plugins and keys are written in', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'compose-plan-'))
  try {
    const plans: unknown[] = []
    for (const text of [
      'distribution: shop\ncore: ^1.0.0\nplugins: { ratings: ^1.0.0, batch-import: ^1.0.0, status-page: ^1.0.0 }\nsettings: { ratings: { minimum: 2 } }\ndeployment: { images: tags, host: shop.example.com }\n',
      'settings: { ratings: { minimum: 2 } }\nplugins: { status-page: ^1.0.0, batch-import: ^1.0.0, ratings: ^1.0.0 }\ndeployment: { host: shop.example.com, images: tags }\ncore: ^1.0.0\ndistribution: shop\n',
    ]) {
      const file = join(folder, 'selection.yaml')
      writeFileSync(file, text)
      const { plan, lockText } = await planSelection(file, { cwd: folder })
      plans.push({ plan: plain(plan), lockText })
    }
    expect(plans[1]).toEqual(plans[0])
    expect(JSON.stringify(plans[1])).toBe(JSON.stringify(plans[0]))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

/** As plain data, in the order it has: maps as lists, without functions. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, inner: unknown) => (inner instanceof Map ? [...inner] : inner)),
  )
