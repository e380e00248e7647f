import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import type { CompiledSchemas } from './compiled.ts'
import { compileAhead, compileNow } from './compilers.ts'
import { collectSchemas } from './schemas.ts'
import { wiring } from './test-support.ts'

const folder = mkdtempSync(join(tmpdir(), 'bitcartcc-validators-'))
afterAll(() => rmSync(folder, { recursive: true }))
const schemas = collectSchemas(wiring)

async function ahead(): Promise<CompiledSchemas> {
  const file = join(folder, 'validators.mjs')
  writeFileSync(file, compileAhead(schemas))
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as CompiledSchemas // as compileAhead writes it
}

/** A value that its schema must refuse, and where. */
const refused: readonly (readonly [id: string, value: unknown, at: readonly string[]])[] = [
  ['POST /api/products body', { name: '', price: '1,5', extra: 1 }, ['', '/name', '/price']],
  ['POST /api/products body', {}, ['', '']],
  ['POST /api/products body', { name: 'x'.repeat(201), price: '1' }, ['/name']],
  ['POST /api/products body', { name: '𝒳'.repeat(201), price: '1' }, ['/name']],
  ['POST /api/products body', { name: 'Tea', price: 1 }, ['/price']],
  ['POST /api/users body', { email: 'no', name: 'N', password: 'short' }, ['/email', '/password']],
  ['PUT /api/carts/:id/items/:productId body', { quantity: '2' }, ['/quantity']],
  ['PUT /api/carts/:id/items/:productId body', { quantity: 1.5 }, ['/quantity']],
  ['GET /api/products query', { limit: '0' }, ['/limit']],
  ['GET /api/products query', { all: 'maybe' }, ['/all']],
  ['PUT /api/settings/:plugin/:key body', { value: [] }, expect.arrayContaining(['/value'])],
  ['POST /api/plugins/guestbook/entries/:page body', { name: 'A', age: 2.5 }, ['/age', '/name']],
  ['POST /api/plugins/guestbook/entries/:page params', { page: 'one' }, ['/page']],
]

const invoice = {
  id: 'i',
  number: 1,
  storeId: 's',
  status: 'paid',
  exceptionStatus: 'none',
  amount: '1.00',
  paidAmount: '0.00',
  missingAmount: '1.00',
  excessAmount: '0.00',
  currency: 'EUR',
  buyerEmail: 'b@example.com',
  items: [{ productId: 'p', name: 'A "B" \u2028 Ü', quantity: 1, price: '1.00', total: '1.00' }],
  payment: {
    method: 'manual',
    title: 'Manual',
    instructions: 'Pay.',
    request: null,
    choices: [{ name: 'manual', title: 'Manual' }],
  },
  payments: [],
  createdAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-01-01T00:15:00.000Z',
  paidAt: null,
}

describe.each([
  ['ahead of time', ahead],
  ['in this process', async () => compileNow(schemas)],
])('compiled %s', (_, compile) => {
  test('every schema of every route has its function', async () => {
    const { validators, serializers } = await compile()
    expect([...Object.keys(validators), ...Object.keys(serializers)].toSorted()).toEqual(
      schemas.map(({ id }) => id).toSorted(),
    )
  })

  test('a wrong value is refused with all places that are wrong', async () => {
    const { validators } = await compile()
    const found = refused.map(([id, value]) => {
      const validate = validators[id]
      const isValid = validate?.(structuredClone(value))
      const errors = (validate?.errors ?? []) as { instancePath: string }[] // ajv's errors
      return [id, isValid, errors.map(({ instancePath }) => instancePath).toSorted()]
    })
    expect(found).toEqual(refused.map(([id, , at]) => [id, false, at]))
  })

  test('a query is read as what its schema asks for, a body is taken as it is', async () => {
    const { validators } = await compile()
    const query = { all: 'true', search: '007' }
    expect(validators['GET /api/products query']?.(query)).toBe(true)
    expect(query).toEqual({ all: true, search: '007', limit: 24 })
    const tags = { tags: 'one' }
    expect(validators['POST /api/plugins/guestbook/entries/:page query']?.(tags)).toBe(true)
    expect(tags).toEqual({ tags: ['one'] })
    const body = { name: 'Tea', price: '21.50', stock: null }
    expect(validators['POST /api/products body']?.(body)).toBe(true)
    expect(body).toEqual({ name: 'Tea', price: '21.50', stock: null })
  })

  test('an answer is written with what its schema names, and nothing else', async () => {
    const { serializers } = await compile()
    const write = serializers['GET /api/invoices/:id returns']
    expect(JSON.parse(write?.({ ...invoice, secret: 'hidden' }) ?? '')).toEqual(invoice)
    const paid = { ...invoice, paidAt: '2026-01-01T00:01:00.000Z' }
    expect(JSON.parse(write?.(paid) ?? '')).toEqual(paid)
    const session = serializers['GET /api/session returns']
    const signedOut = { user: null, needsSetup: false, csrfToken: '' }
    expect(JSON.parse(session?.(signedOut) ?? '')).toEqual(signedOut)
  })
})

test('the same wiring gives the same text', () => {
  expect(compileAhead(collectSchemas(wiring))).toBe(compileAhead(schemas))
})
