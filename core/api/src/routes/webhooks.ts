import { Type } from 'typebox'
import { MetadataInput, Page, Webhook, WebhookDelivery } from '@bitcartcc/sdk/resources'
import { coreRoute, type CoreRoutes } from '../core-route.ts'
import { ById, metadataFilter, paging } from './shapes.ts'

const permission = 'webhooks.manage'
const url = Type.String({ minLength: 1, maxLength: 2000 })
const events = Type.Array(Type.String({ maxLength: 80 }), { minItems: 1, maxItems: 100 })

const metadata = Type.Optional(MetadataInput)

/** Addresses that are told of what happens in a store. */
export const webhookRoutes: CoreRoutes = {
  'GET /api/webhook-events': coreRoute(
    {
      summary: 'Every event a webhook can be told of',
      permission,
      within: 'list',
      returns: Type.Array(Type.String()),
    },
    async (_, { domain }) => [...domain.webhooks.events],
  ),
  'GET /api/stores/:id/webhooks': coreRoute(
    {
      summary: 'Webhooks of a store, oldest first; without secrets',
      permission,
      within: 'store',
      params: ById,
      query: Type.Object({ metadata: metadataFilter }),
      returns: Type.Array(Webhook),
    },
    async ({ params, query }, { domain }) => [
      ...(await domain.webhooks.list(params.id, query.metadata)),
    ],
  ),
  'POST /api/stores/:id/webhooks': coreRoute(
    {
      summary: 'Add a webhook; its secret is shown this once',
      permission,
      within: 'store',
      params: ById,
      body: Type.Object({ url, events, metadata }, { additionalProperties: false }),
      returns: Type.Intersect([Webhook, Type.Object({ secret: Type.String() })]),
      status: 201,
    },
    async ({ params, body }, { domain }) => domain.webhooks.create(params.id, body),
  ),
  'PATCH /api/webhooks/:id': coreRoute(
    {
      summary: 'Change a webhook; its secret stays',
      permission,
      within: 'webhook',
      params: ById,
      body: Type.Object(
        {
          url: Type.Optional(url),
          events: Type.Optional(events),
          isEnabled: Type.Optional(Type.Boolean()),
          metadata,
        },
        { additionalProperties: false },
      ),
      returns: Webhook,
    },
    async ({ params, body }, { domain }) => domain.webhooks.update(params.id, body),
  ),
  'DELETE /api/webhooks/:id': coreRoute(
    {
      summary: 'Delete a webhook and its log',
      permission,
      within: 'webhook',
      params: ById,
      status: 204,
    },
    async ({ params }, { domain }) => domain.webhooks.remove(params.id),
  ),
  'GET /api/webhooks/:id/deliveries': coreRoute(
    {
      summary: 'What was sent to a webhook in the last 30 days, newest first',
      permission,
      within: 'webhook',
      params: ById,
      query: Type.Object(paging),
      returns: Page(WebhookDelivery),
    },
    async ({ params, query }, { domain }) => domain.webhooks.deliveries(params.id, query),
  ),
  'POST /api/webhook-deliveries/:id/redeliver': coreRoute(
    {
      summary: 'Send the same message again',
      permission,
      within: 'delivery',
      params: ById,
      returns: WebhookDelivery,
      status: 201,
    },
    async ({ params }, { domain }) => domain.webhooks.redeliver(params.id),
  ),
}
