import { randomUUID } from 'node:crypto'
import fastify from 'fastify'
import pg from 'pg'

// What the server is held against: the same rows by the same queries, prepared once a connection as there, and nothing around them.
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 })
const app = fastify({ logger: false })

app.get<{ Querystring: { limit?: string } }>('/api/products', async ({ query }) => {
  // As many as are asked for: the number is a parameter, as in whatever gives pages.
  const limit = Number(query.limit ?? 24)
  const { rows } = await pool.query({
    name: 'products',
    text: `select products.id, products.store_id, products.name, products.description, products.price, products.category,
       products.stock, products.status, products.image_id, products.created_at, products.updated_at, products.seq,
       stores.currency
     from core.products join core.stores on stores.id = products.store_id
     where products.status = 'active' order by products.seq desc limit $1`,
    values: [limit + 1],
  })
  return { items: rows.slice(0, limit), next: rows.length > limit ? rows[limit - 1].seq : null }
})

app.post<{ Params: { id: string }; Body: { email: string } }>(
  '/api/carts/:id/checkout',
  async ({ params: { id }, body: { email } }, reply) => {
    const client = await pool.connect()
    try {
      await client.query('begin')
      // Held, so that it is ordered once. With how its store is paid, how long an invoice of it waits, what counts as low
      // stock, how one pays by hand, and who is to be told of the order: here it is nobody.
      const cart = (
        await client.query({
          name: 'cart',
          text: `select carts.id, carts.store_id, stores.currency,
             (select coalesce(json_agg(account), '[]') from (
               select method, is_enabled, sealed is not null as is_set from core.payment_accounts
               where payment_accounts.store_id = carts.store_id
             ) as account) as accounts,
             (select coalesce(json_agg(listener), '[]') from (
               select 'webhooks' as kind, id, events, seq from core.webhooks where store_id = carts.store_id and is_enabled
               union all
               select 'notices' as kind, id, events, seq from core.notice_rules where store_id = carts.store_id and is_enabled
               order by seq
             ) as listener) as listeners,
             (select coalesce(json_agg(setting), '[]') from (
               select false as is_own, plugin, key, value, is_secret from core.settings where plugin = 'core'
               union all
               select true, plugin, key, value, is_secret from core.store_settings
               where store_id = carts.store_id and plugin = 'core'
             ) as setting) as settings
           from core.carts join core.stores on stores.id = carts.store_id where carts.id = $1 for update of carts`,
          values: [id],
        })
      ).rows[0]
      // Held, so that no more is sold than there is: read after the cart is held, and so a way of its own.
      const { rows: products } = await client.query({
        name: 'items',
        text: `select products.id, products.name, products.image_id, products.price, products.stock, products.status,
           cart_items.quantity, cart_items.seq
         from core.cart_items join core.products on products.id = cart_items.product_id
         where cart_id = $1 order by products.id collate "C" for update of products`,
        values: [id],
      })
      const items = products.map((product, index) => ({
        position: index + 1,
        product_id: product.id,
        name: product.name,
        quantity: product.quantity,
        price: product.price,
        total: product.price,
        is_reserved: product.stock !== null,
      }))
      const invoice = (
        await client.query({
          name: 'written',
          text: `with item as materialized (
             select * from jsonb_to_recordset($1::jsonb) as item (
               position integer, product_id text, name text, quantity integer, price numeric, total numeric, is_reserved boolean)
           ), taken as (
             update core.products set stock = stock - item.quantity from item
             where products.id = item.product_id and item.is_reserved
           ), emptied as (
             delete from core.cart_items where cart_id = $2
           ), listed as (
             insert into core.invoice_items (invoice_id, position, product_id, name, quantity, price, total, is_reserved)
             select $3::text, position, product_id, name, quantity, price, total, is_reserved from item
           ), counted as (
             update core.stores set next_invoice_number = next_invoice_number + 1
             where id = $4 returning next_invoice_number - 1 as number
           )
           insert into core.invoices (id, store_id, number, status, amount, currency, buyer_email, method, cart_id, expires_at)
           select $3::text, $4, number, 'pending', $5::numeric, $6::text, $7::text, 'manual', $2, now() + interval '1 day'
           from counted
           returning id, seq, store_id, number, status, exception_status, amount, currency, buyer_email, method, cart_id,
             idempotency_key, created_at, expires_at, paid_at, completed_at`,
          values: [
            JSON.stringify(items),
            id,
            `bare-${randomUUID()}`,
            cart.store_id,
            items[0]?.total,
            cart.currency,
            email,
          ],
        })
      ).rows[0]
      await client.query('commit')
      return await reply
        .code(201)
        .send({ ...invoice, items, accounts: cart.accounts, settings: cart.settings })
    } finally {
      client.release()
    }
  },
)
await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' })
