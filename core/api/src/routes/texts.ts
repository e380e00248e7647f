import { Type } from 'typebox'
import { Id, StoreText } from '@bitcartcc/sdk/resources'
import { coreRoute, type CoreRoutes } from '../core-route.ts'
import { ById } from './shapes.ts'

const permission = 'notices.manage'
const OfText = Type.Object({
  id: Id,
  plugin: Type.String({ minLength: 1, maxLength: 40 }),
  name: Type.String({ minLength: 1, maxLength: 40 }),
})
const Template = Type.String({ maxLength: 20_000 })

/** What core and plugins say to people, in the words of each store. */
export const textRoutes: CoreRoutes = {
  'GET /api/stores/:id/texts': coreRoute(
    {
      summary: 'Every text that people read, as a store uses it',
      permission,
      within: 'store',
      params: ById,
      returns: Type.Array(StoreText),
    },
    async ({ params }, { domain }) => [...(await domain.texts.list(params.id))],
  ),
  'POST /api/stores/:id/texts/:plugin/:name/preview': coreRoute(
    {
      summary: 'See what a template says of sample data; nothing is stored',
      changesNothing: true,
      permission,
      within: 'store',
      params: OfText,
      body: Type.Object({ text: Template }, { additionalProperties: false }),
      returns: Type.Object({
        subject: Type.Union([Type.String(), Type.Null()]),
        text: Type.String(),
      }),
    },
    async ({ params, body }, { domain }) =>
      domain.texts.preview(params.id, params.plugin, params.name, body.text),
  ),
  'PUT /api/stores/:id/texts/:plugin/:name': coreRoute(
    {
      summary: 'Give a store words of its own; null goes back to what is shipped',
      permission,
      within: 'store',
      params: OfText,
      body: Type.Object(
        { text: Type.Union([Template, Type.Null()]) },
        { additionalProperties: false },
      ),
      returns: Type.Array(StoreText),
    },
    async ({ params, body }, { domain }) => [
      ...(await domain.texts.set(params.id, params.plugin, params.name, body.text)),
    ],
  ),
}
