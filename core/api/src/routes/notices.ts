import { Type } from 'typebox'
import {
  Id,
  MetadataInput,
  NoticeChannel,
  NoticeEvents,
  NoticeMessage,
  NoticeRule,
  Page,
} from '@bitcartcc/sdk/resources'
import { coreRoute, type CoreRoutes } from '../core-route.ts'
import { ById, metadataFilter, MethodName, paging, TypedValues } from './shapes.ts'

const permission = 'notices.manage'
const metadata = Type.Optional(MetadataInput)
const events = Type.Array(Type.String({ maxLength: 80 }), { minItems: 1, maxItems: 100 })

/** Who is told of what happens in a store, and how. */
export const noticeRoutes: CoreRoutes = {
  'GET /api/notice-channels': coreRoute(
    {
      summary: 'Every way to tell somebody something, and every event there is to tell of',
      permission,
      within: 'list',
      returns: Type.Object({ channels: Type.Array(NoticeChannel), events: NoticeEvents }),
    },
    async (_, { domain: { notices } }) => ({
      channels: [...notices.channels()],
      events: { staff: [...notices.events.staff], buyer: [...notices.events.buyer] },
    }),
  ),
  'GET /api/stores/:id/notices': coreRoute(
    {
      summary: 'Who is told of what in a store, oldest first; without secrets',
      permission,
      within: 'store',
      params: ById,
      query: Type.Object({ metadata: metadataFilter }),
      returns: Type.Array(NoticeRule),
    },
    async ({ params, query }, { domain }) => [
      ...(await domain.notices.list(params.id, query.metadata)),
    ],
  ),
  'POST /api/stores/:id/notices': coreRoute(
    {
      summary: 'Have somebody told',
      permission,
      within: 'store',
      params: ById,
      body: Type.Object(
        {
          channel: MethodName,
          audience: NoticeRule.properties.audience,
          values: Type.Optional(TypedValues),
          events,
          metadata,
        },
        { additionalProperties: false },
      ),
      returns: NoticeRule,
      status: 201,
    },
    async ({ params, body }, { domain }) => domain.notices.create(params.id, body),
  ),
  'POST /api/stores/:id/notices/test': coreRoute(
    {
      summary: 'Send a test message now; 409 with what the channel said where it fails',
      permission,
      within: 'store',
      params: ById,
      body: Type.Object(
        { channel: MethodName, values: TypedValues, ruleId: Type.Optional(Id) },
        { additionalProperties: false },
      ),
      status: 204,
    },
    async ({ params, body }, { domain }) => domain.notices.test(params.id, body),
  ),
  'PATCH /api/notices/:id': coreRoute(
    {
      summary: 'Change who is told of what; secrets that are not given stay',
      permission,
      within: 'notice',
      params: ById,
      body: Type.Object(
        {
          values: Type.Optional(TypedValues),
          events: Type.Optional(events),
          isEnabled: Type.Optional(Type.Boolean()),
          metadata,
        },
        { additionalProperties: false },
      ),
      returns: NoticeRule,
    },
    async ({ params, body }, { domain }) => domain.notices.update(params.id, body),
  ),
  'DELETE /api/notices/:id': coreRoute(
    {
      summary: 'Tell them no more, and delete the log',
      permission,
      within: 'notice',
      params: ById,
      status: 204,
    },
    async ({ params }, { domain }) => domain.notices.remove(params.id),
  ),
  'GET /api/notices/:id/messages': coreRoute(
    {
      summary: 'What was sent in the last 30 days, newest first',
      permission,
      within: 'notice',
      params: ById,
      query: Type.Object(paging),
      returns: Page(NoticeMessage),
    },
    async ({ params, query }, { domain }) => domain.notices.messages(params.id, query),
  ),
  'POST /api/notice-messages/:id/resend': coreRoute(
    {
      summary: 'Send the same message again',
      permission,
      within: 'message',
      params: ById,
      returns: NoticeMessage,
    },
    async ({ params }, { domain }) => domain.notices.resend(params.id),
  ),
}
