import { Type, type Static } from '@bitcartcc/sdk/server'

/** What these routes speak; the store and the admin read the types. */
export const ProductId = Type.String({ minLength: 1, maxLength: 64 })
export const Stars = Type.Integer({ minimum: 1, maximum: 5 })

export const Summary = Type.Object({
  productId: ProductId,
  /** Two digits after the point; null without ratings. */
  average: Type.Union([Type.Number(), Type.Null()]),
  count: Type.Integer(),
})
export type Summary = Static<typeof Summary>

export const Comment = Type.Object({
  id: Type.String(),
  stars: Stars,
  comment: Type.String(),
  createdAt: Type.String(),
})
export type Comment = Static<typeof Comment>

export const ProductRatings = Type.Object({
  productId: ProductId,
  average: Type.Union([Type.Number(), Type.Null()]),
  count: Type.Integer(),
  /** This visitor's own vote. */
  mine: Type.Union([Type.Object({ stars: Stars, comment: Type.String() }), Type.Null()]),
  /** The newest ten. */
  comments: Type.Array(Comment),
})
export type ProductRatings = Static<typeof ProductRatings>

export const Vote = Type.Object({
  id: Type.String(),
  productId: ProductId,
  /** Null where the product is gone. */
  productName: Type.Union([Type.String(), Type.Null()]),
  stars: Stars,
  comment: Type.String(),
  createdAt: Type.String(),
})
export type Vote = Static<typeof Vote>

export const VotePage = Type.Object({
  items: Type.Array(Vote),
  next: Type.Union([Type.String(), Type.Null()]),
  /** Whether the reader may delete votes. */
  mayDelete: Type.Boolean(),
})

export const Invitation = Type.Object({
  productId: ProductId,
  text: Type.String(),
})
export type Invitation = Static<typeof Invitation>
