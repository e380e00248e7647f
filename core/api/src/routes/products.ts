import { Type } from 'typebox'
import {
  BulkReport,
  Page,
  Product,
  ProductInput,
  ProductSort,
  type User,
} from '@bitcartcc/sdk/resources'
import { storesWith } from '@bitcartcc/sdk/rights'
import { HttpError } from '@bitcartcc/sdk/server'
import { coreRoute, type CoreRoutes } from '../core-route.ts'
import { doEach, manyWith } from '../each.ts'
import { notedCell, sendExport } from '../http/export.ts'
import { demandAnywhere, listed } from '../permissions.ts'
import { ById, Format, Ids, metadataFilter, paging } from './shapes.ts'

/** The stores whose hidden products somebody sees; undefined where there is none. */
function desk(user: User | null): 'all' | readonly string[] | undefined {
  const stores = user ? storesWith(user, 'products.view') : []
  return stores.length === 0 ? undefined : stores
}

/** The same, for who asks after what no buyer sees. */
function deskOf(user: User | null, storeId: string | undefined): 'all' | readonly string[] {
  demandAnywhere(user, 'products.view')
  return listed(user, 'products.view', storeId)
}

const filter = {
  storeId: Type.Optional(Type.String({ maxLength: 64 })),
  search: Type.Optional(Type.String({ maxLength: 200 })),
  category: Type.Optional(Type.String({ maxLength: 80 })),
  metadata: metadataFilter,
}

/** Columns of an export: those a file of products is imported with come first. */
const columns: Readonly<Record<string, (product: Product) => string | number | null>> = {
  name: ({ name }) => name,
  price: ({ price }) => price,
  stock: ({ stock }) => stock,
  category: ({ category }) => category,
  description: ({ description }) => description,
  status: ({ status }) => status,
  currency: ({ currency }) => currency,
  createdAt: ({ createdAt }) => createdAt,
  storeId: ({ storeId }) => storeId,
  id: ({ id }) => id,
  metadata: ({ metadata }) => notedCell(metadata),
}

/** What is done with one product, by its id. */
const ofOne: CoreRoutes = {
  'PATCH /api/products/:id': coreRoute(
    {
      summary: 'Change a product',
      permission: 'products.manage',
      within: 'product',
      params: ById,
      body: Type.Partial(ProductInput, { additionalProperties: false }),
      returns: Product,
    },
    async ({ params, body }, { domain }) => domain.products.update(params.id, body),
  ),
  'DELETE /api/products/:id': coreRoute(
    {
      summary: 'Delete a product',
      permission: 'products.manage',
      within: 'product',
      params: ById,
      status: 204,
    },
    async ({ params }, { domain }) => domain.products.remove(params.id),
  ),
}

/** What is for sale. */
export const productRoutes: CoreRoutes = {
  'GET /api/products': coreRoute(
    {
      summary:
        'Products, newest first if not sorted otherwise; with `all` or `metadata`, those of the stores where one may see hidden ones, and these too',
      permission: 'public',
      query: Type.Object({
        ...filter,
        all: Type.Optional(Type.Boolean()),
        sort: Type.Optional(ProductSort),
        ...paging,
      }),
      returns: Page(Product),
    },
    async ({ query: { all, ...wanted } }, { domain, user }) =>
      domain.products.list({
        ...wanted,
        desk: wanted.metadata
          ? deskOf(user, wanted.storeId)
          : all === true
            ? desk(user)
            : undefined,
      }),
  ),
  'GET /api/categories': coreRoute(
    {
      summary: 'Categories of products on sale',
      permission: 'public',
      query: Type.Object({ storeId: Type.Optional(Type.String({ maxLength: 64 })) }),
      returns: Type.Array(Type.String()),
    },
    async ({ query }, { domain }) => [...(await domain.products.categories(query.storeId))],
  ),
  'GET /api/products/export': coreRoute(
    {
      summary: 'Products as a file, newest first, hidden ones too',
      permission: 'products.view',
      within: 'list',
      query: Type.Object({ format: Format, ids: Ids, ...filter }),
    },
    async ({ query: { format, ...wanted } }, { domain, user, http }) => {
      const stores = listed(user, 'products.view', wanted.storeId)
      return sendExport(http.reply, { name: 'products', format }, columns, (cursor) =>
        domain.products.list({ ...wanted, desk: stores, cursor, limit: 100 }),
      )
    },
  ),
  'GET /api/products/:id': coreRoute(
    { summary: 'One product', permission: 'public', params: ById, returns: Product },
    async ({ params }, { domain, user }) => domain.products.get(params.id, desk(user)),
  ),
  'POST /api/products': coreRoute(
    {
      summary: 'Add a product',
      permission: 'products.manage',
      within: 'input',
      body: ProductInput,
      returns: Product,
      status: 201,
    },
    async ({ body }, { domain }) => domain.products.create(body),
  ),
  ...ofOne,
  'POST /api/products/bulk': coreRoute(
    {
      summary:
        'Change or delete up to 100 products, each for itself; says of each that cannot be, why',
      permission: 'products.manage',
      within: 'list',
      inParts: true,
      body: manyWith({
        action: Type.Union([Type.Literal('change'), Type.Literal('delete')]),
        /** What changes of each of them. */
        change: Type.Optional(
          Type.Partial(Type.Pick(ProductInput, ['status', 'category']), {
            additionalProperties: false,
            minProperties: 1,
          }),
        ),
      }),
      returns: BulkReport,
    },
    async ({ body: { ids, action, change } }, context) => {
      if (action === 'delete') return doEach(ofOne, 'DELETE /api/products/:id', { ids }, context)
      if (!change)
        throw new HttpError(422, 'change: must say what changes', [
          { field: 'change', says: 'must say what changes' },
        ])
      return doEach(ofOne, 'PATCH /api/products/:id', { ids, body: change }, context)
    },
  ),
  'PUT /api/products/:id/image': coreRoute(
    {
      summary: 'Set the picture: PNG, JPEG, WebP or GIF, at most 5 MB',
      permission: 'products.manage',
      within: 'product',
      params: ById,
      raw: true,
      bodyLimitBytes: 5_000_000,
      returns: Product,
    },
    async ({ params, body }, { domain }) => domain.products.setImage(params.id, body),
  ),
  'DELETE /api/products/:id/image': coreRoute(
    {
      summary: 'Take the picture away',
      permission: 'products.manage',
      within: 'product',
      params: ById,
      returns: Product,
    },
    async ({ params }, { domain }) => domain.products.removeImage(params.id),
  ),
  'GET /api/files/:id': coreRoute(
    { summary: 'A picture', permission: 'public', params: ById },
    async ({ params }, { domain, http }) => {
      const file = await domain.files.read(params.id)
      if (!file) throw new HttpError(404, 'There is no such file.')
      return http.reply
        .header('content-type', file.contentType)
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('content-security-policy', "default-src 'none'; sandbox")
        .send(Buffer.from(file.bytes))
    },
  ),
}
