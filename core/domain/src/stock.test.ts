import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HttpError } from '@bitcartcc/sdk/server'
import { count } from '../../../test/counts.ts'
import type { Domain } from './domain.ts'
import { createDomain } from './index.ts'
import { bareDistribution, bareWiring, databases, silent } from './test-support.ts'
import type { TestDatabase } from './test-support.ts'

const buyers = count(40, 200)
const stock = count(10, 50)

describe.each(databases)('on $name', { timeout: 120_000 }, ({ openMigrated }) => {
  let at: TestDatabase
  /** Two processes of one instance. */
  let replicas: readonly Domain[]

  beforeAll(async () => {
    at = await openMigrated()
    const makeDomain = () =>
      createDomain({
        database: at.database,
        wiring: bareWiring,
        distribution: bareDistribution,
        env: {},
        dataDir: at.dataDir,
        log: silent,
      })
    replicas = [await makeDomain(), await makeDomain()]
    await replicas[0]?.users.create({
      email: 'owner@example.com',
      name: 'Owner',
      password: 'correct horse',
      permissions: [],
    })
  }, 120_000)
  afterAll(async () => {
    for (const each of replicas) await each.close()
    await at.close()
  }, 60_000)

  const domain = () => replicas[0] as Domain // made above
  const replicaOf = (index: number) => replicas[index % replicas.length] as Domain // both made above
  const stockOf = async (id: string) => (await domain().products.get(id, 'all')).stock
  const cartWith = async (wanted: Readonly<Record<string, number>>) => {
    const cart = await domain().carts.create()
    for (const [id, quantity] of Object.entries(wanted))
      await domain().carts.setItem(cart.id, id, quantity)
    return cart.id
  }
  const buyAll = async (carts: readonly string[]) => {
    const answers = await Promise.allSettled(
      carts.map((cart, index) =>
        replicaOf(index).carts.checkout(cart, { email: `buyer${index}@example.com` }),
      ),
    )
    return {
      bought: answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])),
      refused: answers.flatMap((each) =>
        each.status === 'rejected'
          ? [each.reason instanceof HttpError ? each.reason.message : String(each.reason)]
          : [],
      ),
    }
  }
  const expireAll = async () => {
    await sql`update core.invoices set expires_at = now() - interval '1 minute' where status = 'pending'`.execute(
      at.database.db,
    )
    const found = await Promise.all(replicas.map((each) => each.invoices.expireDue()))
    return found.reduce((sum, each) => sum + each, 0)
  }

  test('as many buy as there is stock, whoever comes at once, and what expires is for sale again', async () => {
    const { id } = await domain().products.create({ name: 'Last tea', price: '5', stock })
    const carts = await Promise.all(Array.from({ length: buyers }, () => cartWith({ [id]: 1 })))
    const { bought, refused } = await buyAll(carts)
    expect({ bought: bought.length, refused, left: await stockOf(id) }).toEqual({
      bought: stock,
      refused: Array.from({ length: buyers - stock }, () => 'Last tea is sold out.'),
      left: 0,
    })
    expect(bought.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: stock }, (_, index) => index + 1),
    )
    expect([await expireAll(), await stockOf(id), await expireAll()]).toEqual([stock, stock, 0])
  })

  test('carts with the same products in any order neither deadlock nor leave a part behind', async () => {
    const [tea, cup] = await Promise.all(
      ['Tea', 'Cup'].map((name) =>
        domain().products.create({ name, price: '1', stock: stock * 2 }),
      ),
    )
    if (!tea || !cup) throw new Error('two were made')
    const carts = await Promise.all(
      Array.from({ length: buyers }, (_, index) =>
        cartWith(index % 2 === 0 ? { [tea.id]: 2, [cup.id]: 1 } : { [cup.id]: 1, [tea.id]: 2 }),
      ),
    )
    const { bought, refused } = await buyAll(carts)
    expect(await Promise.all(bought.map(({ id }) => domain().invoices.get(id)))).toEqual(bought)
    expect({
      bought: bought.length,
      refused: [...new Set(refused)],
      left: [await stockOf(tea.id), await stockOf(cup.id)],
    }).toEqual({ bought: stock, refused: ['Tea is sold out.'], left: [0, stock] })
    expect([await expireAll(), await stockOf(tea.id), await stockOf(cup.id)]).toEqual([
      stock,
      stock * 2,
      stock * 2,
    ])
  })

  test('one cart bought many times at once is one invoice', async () => {
    const { id } = await domain().products.create({ name: 'One', price: '1', stock })
    const cart = await cartWith({ [id]: 1 })
    const invoices = await Promise.all(
      Array.from({ length: stock }, (_, index) =>
        replicaOf(index).asked({ once: { asker: cart, key: 'once', fingerprint: 'one' } }, () =>
          replicaOf(index).carts.checkout(cart, { email: 'buyer@example.com' }),
        ),
      ),
    )
    expect([new Set(invoices.map((each) => each.id)).size, await stockOf(id)]).toEqual([
      1,
      stock - 1,
    ])
  })
})
