import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { expect, test } from 'vitest'
import { root } from '../support/compose.ts'
import { doors, type Ours } from './doors.ts'
import { doorsTable, marks, nameOf } from './table.ts'

interface Uses {
  readonly contributes: Readonly<Record<string, unknown>>
  readonly [key: string]: unknown
}
const shipped = readdirSync(join(root, 'plugins')).map(
  (name) => parse(readFileSync(join(root, 'plugins', name, 'plugin.yaml'), 'utf8')) as Uses, // plugins of ours, which the build reads strictly
)
/** Tests that stop working without what they name, where no plugin that we ship uses it. */
const proofs = [
  'core/domain/src/domain.test.ts',
  'core/domain/src/payments.test.ts',
  'core/domain/src/webhooks.test.ts',
  'core/api/src/test-support.ts',
].map((file) => readFileSync(join(root, file), 'utf8'))

const entries = (each: Uses, point: string) => JSON.stringify(each.contributes[point] ?? [])

function isUsed(ours: Ours): boolean {
  const name = nameOf(ours)
  const quoted = JSON.stringify(name)
  if ('point' in ours)
    return shipped.some((each) => name in each.contributes || each[name] !== undefined)
  if ('slot' in ours)
    return shipped.some((each) =>
      ['admin.slots', 'store.slots'].some((point) => entries(each, point).includes(quoted)),
    )
  const point = 'event' in ours ? 'worker.events' : 'api.hooks'
  return (
    shipped.some((each) => entries(each, point).includes(quoted)) ||
    proofs.some((text) => text.includes(`'${name}'`))
  )
}

test('every door that is here is used: by a plugin we ship, or where a test fails without it', () => {
  const all = Object.values(doors).flat()
  expect(all.filter(({ status, ours }) => status === 'here' && !(ours && isUsed(ours)))).toEqual([])
  expect(all.filter(({ status, why }) => status !== 'here' && why === '')).toEqual([])
})

test('the table for authors is the one that the code gives', () => {
  const readme = readFileSync(join(root, 'core/sdk/README.md'), 'utf8')
  const [begin, end] = marks
  const table = readme.slice(readme.indexOf(begin) + begin.length, readme.indexOf(end)).trim()
  expect(table, 'run   node test/doors/write.ts').toBe(doorsTable().trim())
})
