import { Type } from 'typebox'
import {
  BulkReport,
  Dashboard,
  Invoice,
  InvoiceSort,
  InvoiceStatus,
  MetadataInput,
  Page,
} from '@bitcartcc/sdk/resources'
import { storesWith } from '@bitcartcc/sdk/rights'
import { coreRoute, type CoreRoutes } from '../core-route.ts'
import { doEach, manyWith } from '../each.ts'
import { notedCell, sendExport } from '../http/export.ts'
import { listed } from '../permissions.ts'
import { ById, Format, Ids, metadataFilter, MethodName, paging } from './shapes.ts'

const filter = {
  storeId: Type.Optional(Type.String({ maxLength: 64 })),
  status: Type.Optional(InvoiceStatus),
  // What is asked for over Lightning is longer than other addresses.
  search: Type.Optional(Type.String({ maxLength: 2_000 })),
  metadata: metadataFilter,
}

/** Columns of an export. */
const columns: Readonly<Record<string, (invoice: Invoice) => string | number | null>> = {
  number: ({ number }) => number,
  status: ({ status }) => status,
  exceptionStatus: ({ exceptionStatus }) => exceptionStatus,
  amount: ({ amount }) => amount,
  paidAmount: ({ paidAmount }) => paidAmount,
  missingAmount: ({ missingAmount }) => missingAmount,
  excessAmount: ({ excessAmount }) => excessAmount,
  currency: ({ currency }) => currency,
  buyerEmail: ({ buyerEmail }) => buyerEmail,
  method: ({ payment }) => payment.method,
  items: ({ items }) => items.map(({ quantity, name }) => `${quantity} × ${name}`).join('; '),
  createdAt: ({ createdAt }) => createdAt,
  paidAt: ({ paidAt }) => paidAt,
  storeId: ({ storeId }) => storeId,
  id: ({ id }) => id,
  metadata: ({ metadata }) => notedCell(metadata),
}

/** Steps of one invoice that the merchant takes. */
const steps: CoreRoutes = {
  'POST /api/invoices/:id/mark-paid': coreRoute(
    {
      summary: 'Say that the money arrived',
      permission: 'invoices.manage',
      within: 'invoice',
      params: ById,
      returns: Invoice,
    },
    async ({ params }, { domain }) => domain.invoices.markPaid(params.id),
  ),
  'POST /api/invoices/:id/invalidate': coreRoute(
    {
      summary: 'Say that it will not be paid; gives the stock back',
      permission: 'invoices.manage',
      within: 'invoice',
      params: ById,
      returns: Invoice,
    },
    async ({ params }, { domain }) => domain.invoices.invalidate(params.id),
  ),
  'POST /api/invoices/:id/refund': coreRoute(
    {
      summary: 'Say that the money was given back',
      permission: 'invoices.manage',
      within: 'invoice',
      params: ById,
      returns: Invoice,
    },
    async ({ params }, { domain }) => domain.invoices.refund(params.id),
  ),
}

/** What was ordered, and how far it is paid. */
export const invoiceRoutes: CoreRoutes = {
  'GET /api/invoices': coreRoute(
    {
      summary: 'Invoices, newest first if not sorted otherwise',
      permission: 'invoices.view',
      within: 'list',
      query: Type.Object({ ...filter, sort: Type.Optional(InvoiceSort), ...paging }),
      returns: Page(Invoice),
    },
    async ({ query }, { domain, user }) =>
      domain.invoices.list({ ...query, in: listed(user, 'invoices.view', query.storeId) }),
  ),
  'GET /api/invoices/export': coreRoute(
    {
      summary: 'Invoices as a file, newest first',
      permission: 'invoices.view',
      within: 'list',
      query: Type.Object({ format: Format, ids: Ids, ...filter }),
    },
    async ({ query: { format, ...wanted } }, { domain, user, http }) => {
      const stores = listed(user, 'invoices.view', wanted.storeId)
      return sendExport(http.reply, { name: 'invoices', format }, columns, (cursor) =>
        domain.invoices.list({ ...wanted, in: stores, cursor, limit: 100 }),
      )
    },
  ),
  'GET /api/invoices/:id': coreRoute(
    {
      summary: 'One invoice; its unguessable id is the right to see it',
      permission: 'public',
      params: ById,
      returns: Invoice,
    },
    async ({ params }, { domain, user }) =>
      domain.invoices.get(params.id, user ? storesWith(user, 'invoices.view') : undefined),
  ),
  'PATCH /api/invoices/:id': coreRoute(
    {
      summary: 'Note something about an invoice',
      permission: 'invoices.manage',
      within: 'invoice',
      params: ById,
      body: Type.Object(
        { metadata: Type.Optional(MetadataInput) },
        { additionalProperties: false },
      ),
      returns: Invoice,
    },
    async ({ params, body }, { domain }) => domain.invoices.update(params.id, body),
  ),
  'GET /api/invoices/:id/events': coreRoute(
    {
      summary:
        'One invoice now and at each change, as server-sent events named `invoice`; its unguessable id is the right to see it',
      permission: 'public',
      params: ById,
      events: Invoice,
    },
    async ({ params: { id } }, { domain, live, http }) =>
      live.stream(
        http.reply,
        'invoice',
        (changed) => domain.invoices.watch(id, changed),
        () => domain.invoices.get(id),
      ),
  ),
  ...steps,
  'POST /api/invoices/bulk': coreRoute(
    {
      summary:
        'Take a step with up to 100 invoices, each for itself; says of each that cannot, why',
      permission: 'invoices.manage',
      within: 'list',
      inParts: true,
      body: manyWith({
        action: Type.Union([
          Type.Literal('mark-paid'),
          Type.Literal('invalidate'),
          Type.Literal('refund'),
        ]),
      }),
      returns: BulkReport,
    },
    async ({ body: { ids, action } }, context) =>
      doEach(steps, `POST /api/invoices/:id/${action}`, { ids }, context),
  ),
  'POST /api/invoices/:id/payment-method': coreRoute(
    {
      summary: 'Say how it will be paid; gives what is asked for',
      permission: 'public',
      isLimited: true,
      params: ById,
      body: Type.Object({ method: MethodName }, { additionalProperties: false }),
      returns: Invoice,
    },
    async ({ params, body }, { domain }) => domain.invoices.choosePayment(params.id, body.method),
  ),
  'GET /api/dashboard': coreRoute(
    {
      summary: 'The last 30 days',
      permission: 'invoices.view',
      within: 'list',
      returns: Dashboard,
    },
    async (_, { domain, user }) => domain.dashboard(listed(user, 'invoices.view', undefined)),
  ),
}
