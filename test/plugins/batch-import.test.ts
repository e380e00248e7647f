import { afterAll, beforeAll, expect, test } from 'vitest'
import { openShop, until, type Shop } from './shop.ts'

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop?.stop())

interface Import {
  readonly id: string
  readonly state: string
  readonly importedRows: number
  readonly refusedRows: number
  readonly message: string
  readonly endedAt: string | null
}
async function importFile(text: string, mode = 'good-rows'): Promise<Import> {
  const { id } = await shop.get<Import>('POST', '/plugins/batch-import/imports', {
    fileName: 'goods.csv',
    text,
    mode,
  })
  return until(
    () => shop.get<Import>('GET', `/plugins/batch-import/imports/${id}`),
    (now) => now.endedAt !== null,
  )
}
const namesOf = async (category: string) => {
  const { items } = await shop.get<{ items: { name: string }[] }>(
    'GET',
    `/products?category=${category}&all=true&limit=100`,
  )
  return items.map((product) => product.name).toSorted()
}
const mixed = (category: string) =>
  `Name;Price;Category\nMug;12.50;${category}\nPlate;12,50;${category}\nBowl;3;${category}\n`

test('good rows become products, and each refused row has its line and reason', async () => {
  const done = await importFile(mixed('good'))
  expect(done).toMatchObject({ state: 'done', importedRows: 2, refusedRows: 1, message: '' })
  expect(await namesOf('good')).toEqual(['Bowl', 'Mug'])
  const { items } = await shop.get<{ items: { name: string; metadata: object }[] }>(
    'GET',
    `/products?metadata=batch-import.import:${done.id}`,
  )
  expect(items.map(({ name, metadata }) => [name, metadata])).toEqual([
    ['Bowl', { 'batch-import': { import: done.id } }],
    ['Mug', { 'batch-import': { import: done.id } }],
  ])
  expect(await shop.get('GET', `/plugins/batch-import/imports/${done.id}/refused`)).toEqual({
    header: 'Name;Price;Category',
    items: [
      {
        line: 3,
        reason: 'price “12,50” is not a plain number such as 12.50',
        text: 'Plate;12,50;good',
      },
    ],
  })
})

test('where all rows or none were asked for, one refused row keeps all out', async () => {
  expect(await importFile(mixed('none'), 'all-or-nothing')).toMatchObject({
    state: 'failed',
    importedRows: 0,
    refusedRows: 1,
    message: 'No row was imported: one row was refused, and you asked for all rows or none.',
  })
  expect(await namesOf('none')).toEqual([])
})

test('a preview writes nothing', async () => {
  expect(
    await shop.get('POST', '/plugins/batch-import/preview', { text: mixed('preview') }),
  ).toMatchObject({
    found: ['name', 'price', 'category'],
    goodRows: 2,
    refusedRows: 1,
    problems: [],
  })
  expect(await namesOf('preview')).toEqual([])
})

test('each user says what is chosen already where rows are refused', async () => {
  const mode = async () =>
    (
      await shop.get<{ mode: string }>('POST', '/plugins/batch-import/preview', {
        text: mixed('mode'),
      })
    ).mode
  expect(await mode()).toBe('good-rows')
  const path = '/profile/settings/batch-import/refusedRows'
  await shop.get('PUT', path, { value: 'all-or-nothing' })
  expect(await mode()).toBe('all-or-nothing')
  await shop.get('PUT', path, { value: null })
  expect(await mode()).toBe('good-rows')
})

test('thousands of rows are imported at once', async () => {
  const rows = Array.from({ length: 3000 }, (_, index) => `Product ${index},${index}.25,many`)
  expect(await importFile(`name,price,category\n${rows.join('\n')}`)).toMatchObject({
    state: 'done',
    importedRows: 3000,
  })
})

test('who may not manage products imports none', async () => {
  const answers = await Promise.all([
    shop.call('POST', '/plugins/batch-import/preview', { text: mixed('x') }, null),
    shop.call(
      'POST',
      '/plugins/batch-import/imports',
      { fileName: 'x', text: mixed('x'), mode: 'good-rows' },
      null,
    ),
    shop.call('GET', '/plugins/batch-import/imports', undefined, null),
  ])
  expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401])
})
