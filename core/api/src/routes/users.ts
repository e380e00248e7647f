import { Type } from 'typebox'
import { MetadataInput, MetadataKey, User } from '@bitcartcc/sdk/resources'
import { may, mayIn } from '@bitcartcc/sdk/rights'
import { HttpError } from '@bitcartcc/sdk/server'
import { coreRoute, type CoreContext, type CoreRoutes } from '../core-route.ts'
import { allPermissions, demand, grantable } from '../permissions.ts'
import { ById, Email, metadataFilter, Password, Permissions, PersonName } from './shapes.ts'

const strict = { additionalProperties: false } as const

/** People who may sign in. */
export const userRoutes: CoreRoutes = {
  'GET /api/users': coreRoute(
    {
      summary: 'All users, oldest first; `search` finds parts of names and addresses',
      permission: 'users.manage',
      query: Type.Object({
        search: Type.Optional(Type.String({ maxLength: 200 })),
        metadata: metadataFilter,
      }),
      returns: Type.Array(User),
    },
    async ({ query }, { domain }) => [...(await domain.users.list(query))],
  ),
  'POST /api/users': coreRoute(
    {
      summary: 'Add a user; open to all while there is none, who then becomes the administrator',
      permission: 'public',
      body: Type.Object(
        {
          email: Email,
          name: PersonName,
          password: Password,
          permissions: Type.Optional(Permissions),
          metadata: Type.Optional(MetadataInput),
        },
        strict,
      ),
      returns: User,
      status: 201,
    },
    async ({ body }, context) => {
      const { domain, user } = context
      if (!user && (await domain.users.count()) === 0)
        return domain.users.create({ ...body, permissions: [], onlyAsFirst: true })
      demand(user, 'users.manage')
      grantable(body.permissions ?? [], context)
      return domain.users.create({ ...body, permissions: body.permissions ?? [] })
    },
  ),
  'PATCH /api/users/:id': coreRoute(
    {
      summary: 'Change a user',
      permission: 'users.manage',
      params: ById,
      body: Type.Object(
        {
          name: Type.Optional(PersonName),
          password: Type.Optional(Password),
          permissions: Type.Optional(Permissions),
          isAdministrator: Type.Optional(Type.Boolean()),
          metadata: Type.Optional(MetadataInput),
        },
        strict,
      ),
      returns: User,
    },
    async ({ params, body }, context) => {
      await onlyAdministratorsTouchAdministrators(params.id, body.isAdministrator, context)
      if (body.permissions) grantable(body.permissions, context)
      if (body.password !== undefined) await demandNoLess(params.id, context)
      return context.domain.users.update(params.id, body)
    },
  ),
  'DELETE /api/users/:id': coreRoute(
    { summary: 'Remove a user', permission: 'users.manage', params: ById, status: 204 },
    async ({ params }, context) => {
      await onlyAdministratorsTouchAdministrators(params.id, undefined, context)
      await context.domain.users.remove(params.id)
    },
  ),
  'GET /api/metadata-keys': coreRoute(
    {
      summary: 'Every key under which a plugin notes something about records',
      permission: 'user',
      returns: Type.Array(MetadataKey),
    },
    async (_, { domain }) => [...domain.metadata.keys],
  ),
  'GET /api/permissions': coreRoute(
    {
      summary: 'Every permission of this distribution',
      permission: 'user',
      returns: Type.Array(
        Type.Object({ name: Type.String(), title: Type.String(), plugin: Type.String() }),
      ),
    },
    async (_, { plugins }) => [...allPermissions(plugins)],
  ),
}

/** Whoever sets a password can sign in with it: only for those who may no more than they do. */
async function demandNoLess(id: string, { domain, user }: CoreContext): Promise<void> {
  const target = await domain.users.get(id)
  if (!user || !target || user.id === id) return
  const above =
    target.permissions.find((each) => !may(user, each)) ??
    target.stores.flatMap(({ storeId, permissions }) =>
      permissions.filter((each) => !mayIn(user, each, storeId)),
    )[0]
  if (above !== undefined)
    throw new HttpError(403, `You cannot set this password: you do not hold ${above} yourself.`)
}

async function onlyAdministratorsTouchAdministrators(
  id: string,
  isAdministrator: boolean | undefined,
  { domain, user }: CoreContext,
): Promise<void> {
  if (user?.isAdministrator) return
  const target = await domain.users.get(id)
  if (isAdministrator || target?.isAdministrator)
    throw new HttpError(403, 'Only an administrator may make or change an administrator.')
}
