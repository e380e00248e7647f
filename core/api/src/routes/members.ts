import { Type } from 'typebox'
import { Id, Member, Role } from '@bitcartcc/sdk/resources'
import { coreRoute, type CoreRoutes } from '../core-route.ts'
import { demandRole } from '../permissions.ts'
import { ById, Email } from './shapes.ts'

const permission = 'members.manage'
const OfMember = Type.Object({ id: Id, userId: Id })

/** Who works in a store, and as what. */
export const memberRoutes: CoreRoutes = {
  'GET /api/stores/:id/members': coreRoute(
    {
      summary: 'Who works in a store: owners, managers and viewers',
      permission,
      within: 'store',
      params: ById,
      returns: Type.Array(Member),
    },
    async ({ params }, { domain }) => [...(await domain.members.list(params.id))],
  ),
  'POST /api/stores/:id/members': coreRoute(
    {
      summary: 'Have a user work in a store',
      permission,
      within: 'store',
      params: ById,
      body: Type.Object({ email: Email, role: Role }, { additionalProperties: false }),
      returns: Member,
      status: 201,
    },
    async ({ params, body }, { domain, user }) => {
      demandRole(user, body.role, params.id)
      return domain.members.add(params.id, body)
    },
  ),
  'PATCH /api/stores/:id/members/:userId': coreRoute(
    {
      summary: 'Change the role of a member; a store keeps an owner',
      permission,
      within: 'store',
      params: OfMember,
      body: Type.Object({ role: Role }, { additionalProperties: false }),
      returns: Member,
    },
    async ({ params: { id, userId }, body }, { domain, user }) => {
      demandRole(user, (await domain.members.get(id, userId)).role, id)
      demandRole(user, body.role, id)
      return domain.members.change(id, userId, body.role)
    },
  ),
  'DELETE /api/stores/:id/members/:userId': coreRoute(
    {
      summary: 'Take a member out of a store; a store keeps an owner',
      permission,
      within: 'store',
      params: OfMember,
      status: 204,
    },
    async ({ params: { id, userId } }, { domain, user }) => {
      demandRole(user, (await domain.members.get(id, userId)).role, id)
      await domain.members.remove(id, userId)
    },
  ),
}
