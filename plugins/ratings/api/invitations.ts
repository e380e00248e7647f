import type { Db } from '@bitcartcc/sdk/server'
import type { Ratings } from '../plugin.gen.ts'
import type { Invitation } from './shapes.ts'

/** Invitations to rate what one invoice holds; only for products the store still shows. */
export async function invitationsOf(db: Db<Ratings>, invoiceId: string): Promise<Invitation[]> {
  const rows = await db
    .selectFrom('invitations')
    .innerJoin('core_v1.products as product', 'product.id', 'invitations.product_id')
    .select(['invitations.product_id', 'invitations.text'])
    .where('invitations.invoice_id', '=', invoiceId)
    .where('product.status', '=', 'active')
    .orderBy('product.name')
    .orderBy('invitations.product_id')
    .execute()
  return rows.map((row) => ({ productId: row.product_id, text: row.text }))
}
