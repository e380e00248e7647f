import fastify from 'fastify'
import pg from 'pg'

// What the server is held against: the same rows by the same queries, and nothing around them.
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 })
const app = fastify({ logger: false })

app.get('/api/products', async () => {
  const { rows } = await pool.query(
    `select products.*, stores.currency from core.products join core.stores on stores.id = products.store_id
     where products.status = 'active' order by products.seq desc limit 25`,
  )
  return { items: rows.slice(0, 24), next: rows.length > 24 ? rows[23].seq : null }
})

app.post<{ Params: { id: string }; Body: { email: string } }>(
  '/api/carts/:id/checkout',
  async ({ params: { id }, body: { email } }, reply) => {
    const client = await pool.connect()
    try {
      await client.query('begin')
      const cart = (
        await client.query('select id, store_id from core.carts where id = $1 for update', [id])
      ).rows[0]
      const products = await client.query(
        `select id, name, status, stock from core.products
         where id in (select product_id from core.cart_items where cart_id = $1) order by id collate "C" for update`,
        [id],
      )
      const { rows: items } = await client.query(
        `select products.id, products.name, products.price, cart_items.quantity from core.cart_items
         join core.products on products.id = cart_items.product_id where cart_id = $1 order by cart_items.seq`,
        [id],
      )
      for (const { id: productId, stock } of products.rows)
        if (stock !== null)
          await client.query('update core.products set stock = stock - 1 where id = $1', [
            productId,
          ])
      const { number } = (
        await client.query(
          'update core.stores set next_invoice_number = next_invoice_number + 1 where id = $1 returning next_invoice_number - 1 as number',
          [cart.store_id],
        )
      ).rows[0]
      const invoice = (
        await client.query(
          `insert into core.invoices (id, store_id, number, status, amount, currency, buyer_email, method, cart_id, expires_at)
           values ('bare-' || gen_random_uuid(), $1, $2, 'pending', $3, 'USD', $4, 'manual', $5, now() + interval '1 day') returning *`,
          [cart.store_id, number, items[0].price, email, id],
        )
      ).rows[0]
      for (const [position, item] of items.entries())
        await client.query(
          'insert into core.invoice_items (invoice_id, position, product_id, name, quantity, price, total, is_reserved) values ($1, $2, $3, $4, $5, $6, $6, true)',
          [invoice.id, position + 1, item.id, item.name, item.quantity, item.price],
        )
      await client.query('delete from core.cart_items where cart_id = $1', [id])
      await client.query('commit')
      const [shown, lines, payments] = [
        await client.query('select * from core.invoices where id = $1', [invoice.id]),
        await client.query(
          'select * from core.invoice_items where invoice_id = $1 order by position',
          [invoice.id],
        ),
        await client.query('select * from core.payments where invoice_id = $1 order by seq', [
          invoice.id,
        ]),
      ]
      return await reply
        .code(201)
        .send({ ...shown.rows[0], items: lines.rows, payments: payments.rows })
    } finally {
      client.release()
    }
  },
)
await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' })
