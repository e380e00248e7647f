import { listener } from '../plugin.gen.ts'

/** A deleted product takes its ratings along. */
export default listener('product.deleted', ({ productId }, { tx }) =>
  tx(async (t) => {
    await t.db.deleteFrom('votes').where('product_id', '=', productId).execute()
    await t.db.deleteFrom('tallies').where('product_id', '=', productId).execute()
    await t.db.deleteFrom('invitations').where('product_id', '=', productId).execute()
  }),
)
