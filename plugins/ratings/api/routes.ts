import { HttpError, Type } from '@bitcartcc/sdk/server'
import { route, routes } from '../plugin.gen.ts'
import { invitationsOf } from './invitations.ts'
import { minimumsOf } from './minimums.ts'
import { ratingsOf, summariesOf } from './ratings.ts'
import { Invitation, ProductId, ProductRatings, Stars, Summary, VotePage } from './shapes.ts'
import { castVote, removeVote, visitorHash } from './vote.ts'
import { votePage } from './vote-page.ts'

const Product = Type.Object({ id: ProductId })

export default routes({
  'GET /': route(
    {
      permission: 'ratings.view',
      query: Type.Object({
        search: Type.Optional(Type.String({ maxLength: 200 })),
        stars: Type.Optional(Type.String({ pattern: '^[1-5]$' })),
        cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}$' })),
      }),
      returns: VotePage,
      summary: 'Lists votes, newest first.',
    },
    async ({ query }, { db, user }) => ({
      ...(await votePage(db, query)),
      mayDelete:
        user !== null && (user.isAdministrator || user.permissions.includes('ratings.manage')),
    }),
  ),

  'DELETE /votes/:id': route(
    {
      permission: 'ratings.manage',
      params: Type.Object({ id: Type.String({ pattern: '^[0-9]{1,18}$' }) }),
      returns: Type.Object({ id: Type.String() }),
      summary: 'Deletes one vote.',
    },
    async ({ params }, { tx }) => {
      if (!(await tx((t) => removeVote(t, params.id))))
        throw new HttpError(404, 'There is no such rating.')
      return { id: params.id }
    },
  ),

  'GET /summaries': route(
    {
      permission: 'public',
      query: Type.Object({
        ids: Type.String({ maxLength: 6500, description: 'Up to 100 products, between commas.' }),
      }),
      returns: Type.Object({ items: Type.Array(Summary) }),
      summary: 'Gives average and number of ratings of many products.',
    },
    async ({ query }, context) => {
      const ids = [...new Set(query.ids.split(','))].filter((id) => id !== '')
      if (ids.length > 100)
        throw new HttpError(422, 'At most 100 products can be asked for at once.')
      return { items: await summariesOf(context.db, ids, await minimumsOf(context, ids)) }
    },
  ),

  'GET /products/:id': route(
    {
      permission: 'public',
      params: Product,
      returns: ProductRatings,
      summary: 'Gives the ratings of one product.',
    },
    async ({ params }, context) =>
      ratingsOf(
        context.db,
        params.id,
        await minimumsOf(context, [params.id]),
        visitorHash(context.visitor),
      ),
  ),

  'PUT /products/:id': route(
    {
      permission: 'public',
      params: Product,
      body: Type.Object(
        { stars: Stars, comment: Type.Optional(Type.String({ maxLength: 500 })) },
        { additionalProperties: false },
      ),
      returns: ProductRatings,
      summary: 'Rates a product; a visitor who rates again changes the vote.',
    },
    async ({ params, body }, { db, tx, storeSettings, visitor }) => {
      const product = await db
        .selectFrom('core_v1.products')
        .select('id')
        .where('id', '=', params.id)
        .where('status', '=', 'active')
        .executeTakeFirst()
      if (!product) throw new HttpError(404, 'There is no such product.')
      const voter = visitorHash(visitor)
      const minimums = await minimumsOf({ db, storeSettings }, [product.id])
      return tx(async (t) => {
        await castVote(t, { productId: product.id, visitor: voter, ...body })
        return ratingsOf(t.db, product.id, minimums, voter)
      })
    },
  ),

  'GET /invoices/:id': route(
    {
      permission: 'public',
      params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
      returns: Type.Object({ items: Type.Array(Invitation) }),
      summary: 'Gives the invitations to rate what one invoice holds.',
    },
    async ({ params }, { db }) => ({ items: await invitationsOf(db, params.id) }),
  ),
})
