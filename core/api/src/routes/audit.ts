import { Type } from 'typebox'
import { AuditEntry, Page } from '@bitcartcc/sdk/resources'
import { coreRoute, type CoreRoutes } from '../core-route.ts'
import { paging } from './shapes.ts'

/** Who changed what. */
export const auditRoutes: CoreRoutes = {
  'GET /api/audit': coreRoute(
    {
      summary: 'Changes that users made in the last year, newest first',
      permission: 'audit.view',
      query: Type.Object({ search: Type.Optional(Type.String({ maxLength: 200 })), ...paging }),
      returns: Page(AuditEntry),
    },
    async ({ query }, { domain }) => domain.audit.list(query),
  ),
}
