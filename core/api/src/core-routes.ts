import type { CoreRoutes } from './core-route.ts'
import { auditRoutes } from './routes/audit.ts'
import { cartRoutes } from './routes/carts.ts'
import { invoiceRoutes } from './routes/invoices.ts'
import { jobRoutes } from './routes/jobs.ts'
import { noticeRoutes } from './routes/notices.ts'
import { memberRoutes } from './routes/members.ts'
import { paymentRoutes } from './routes/payments.ts'
import { productRoutes } from './routes/products.ts'
import { rateRoutes } from './routes/rates.ts'
import { sessionRoutes } from './routes/session.ts'
import { settingRoutes } from './routes/settings.ts'
import { storeRoutes } from './routes/stores.ts'
import { textRoutes } from './routes/texts.ts'
import { tokenRoutes } from './routes/tokens.ts'
import { userRoutes } from './routes/users.ts'
import { webhookRoutes } from './routes/webhooks.ts'

/** Every route of core, by method and path. */
export const coreRoutes: CoreRoutes = {
  ...sessionRoutes,
  ...userRoutes,
  ...tokenRoutes,
  ...storeRoutes,
  ...memberRoutes,
  ...productRoutes,
  ...cartRoutes,
  ...invoiceRoutes,
  ...paymentRoutes,
  ...rateRoutes,
  ...webhookRoutes,
  ...noticeRoutes,
  ...textRoutes,
  ...settingRoutes,
  ...auditRoutes,
  ...jobRoutes,
}
