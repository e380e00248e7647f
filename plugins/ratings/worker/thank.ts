import { listener } from '../plugin.gen.ts'

/** Invites the buyer to rate what a completed invoice holds; the invoice's page shows it. A second delivery changes nothing. */
export default listener('invoice.complete', async ({ invoiceId, storeId }, { db, render }) => {
  const items = await db
    .selectFrom('core_v1.invoice_items as item')
    .innerJoin('core_v1.products as product', 'product.id', 'item.product_id')
    .select(['product.id', 'product.name'])
    .distinct()
    .where('item.invoice_id', '=', invoiceId)
    .execute()
  for (const { id, name } of items) {
    const text = (await render('thanks', { title: name }, { storeId })).trim()
    await db
      .insertInto('invitations')
      .values({ invoice_id: invoiceId, product_id: id, text })
      .onConflict((on) => on.columns(['invoice_id', 'product_id']).doNothing())
      .execute()
  }
})
