import { Type } from 'typebox'
import { Token, type User } from '@bitcartcc/sdk/resources'
import { HttpError } from '@bitcartcc/sdk/server'
import { coreRoute, type CoreRoutes } from '../core-route.ts'
import { ById, Permissions } from './shapes.ts'

const signedIn = (user: User | null): User => {
  if (!user) throw new HttpError(401, 'Sign in first.')
  return user
}

/** API tokens of whoever is signed in. */
export const tokenRoutes: CoreRoutes = {
  'GET /api/tokens': coreRoute(
    { summary: 'Your API tokens', permission: 'user', returns: Type.Array(Token) },
    async (_, { domain, user }) => [...(await domain.tokens.list(signedIn(user).id))],
  ),
  'POST /api/tokens': coreRoute(
    {
      summary: 'Make an API token; its secret is shown this once',
      permission: 'user',
      body: Type.Object(
        { name: Type.String({ minLength: 1, maxLength: 80 }), permissions: Permissions },
        { additionalProperties: false },
      ),
      returns: Type.Intersect([Token, Type.Object({ secret: Type.String() })]),
      status: 201,
    },
    async ({ body }, context) => {
      // A token without a list has all the rights of its user: a narrowed one must not make it.
      if (context.http.request.headers.authorization !== undefined)
        throw new HttpError(403, 'Sign in with your password to make a token.')
      return context.domain.tokens.create(signedIn(context.user).id, body.name, body.permissions)
    },
  ),
  'DELETE /api/tokens/:id': coreRoute(
    { summary: 'Revoke one of your tokens', permission: 'user', params: ById, status: 204 },
    async ({ params }, { domain, user }) => domain.tokens.remove(signedIn(user).id, params.id),
  ),
}
