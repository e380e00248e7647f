import { Type, type Static, type TSchema } from 'typebox'

/**
 * The shapes the API speaks, shared by the API (validation, serialisation, OpenAPI) and both apps (types).
 *
 * Identifiers are opaque texts. Money is an exact decimal text in major units, `"21.50"`; its currency stands beside it.
 * Times are ISO 8601 texts in UTC.
 */

export const Id = Type.String({ minLength: 1, maxLength: 64 })
export const Money = Type.String({ pattern: '^(0|[1-9][0-9]{0,14})(\\.[0-9]{1,8})?$' })
export const Currency = Type.String({ pattern: '^[A-Z]{3,5}$' })
export const Time = Type.String({ format: 'date-time' })
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/**
 * What is noted about a record: namespace → key → any JSON. `merchant` is the shop's own, the others are plugins'.
 * Shown to whoever works with the record, and to no buyer.
 */
export const Metadata = Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()))
export type Metadata = Static<typeof Metadata>
/** The shop's own notes: keys that are given take their value, and null takes one away. At most 16,384 bytes as JSON in all. */
export const MetadataInput = Type.Object(
  {
    merchant: Type.Record(
      Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$' }),
      Type.Unknown(),
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)
export type MetadataInput = Static<typeof MetadataInput>
/** What a buyer notes for plugins, under keys that they open to buyers; null takes one away. */
export const CartNotes = Type.Record(
  Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
  Type.Record(Type.String({ pattern: '^[a-z][a-zA-Z0-9]{0,63}$' }), Type.Unknown(), {
    additionalProperties: false,
  }),
  { additionalProperties: false },
)
export type CartNotes = Static<typeof CartNotes>
/** A key that a plugin notes something under. */
export const MetadataKey = Type.Object({
  plugin: Type.String(),
  pluginTitle: Type.String(),
  noun: Type.String(),
  key: Type.String(),
  title: Type.String(),
})
export type MetadataKey = Static<typeof MetadataKey>

export const Role = Type.Union([
  Type.Literal('owner'),
  Type.Literal('manager'),
  Type.Literal('viewer'),
])

export const User = Type.Object({
  id: Id,
  email: Type.String(),
  name: Type.String(),
  isAdministrator: Type.Boolean(),
  /** What holds for the whole house: in every store. */
  permissions: Type.Array(Type.String()),
  /** What holds in one store: by a role, which is null where a token names the store. */
  stores: Type.Array(
    Type.Object({ storeId: Id, role: Nullable(Role), permissions: Type.Array(Type.String()) }),
  ),
  createdAt: Time,
  metadata: Type.Optional(Metadata),
})
export type User = Static<typeof User>

/** Somebody who works in a store. */
export const Member = Type.Object({
  userId: Id,
  email: Type.String(),
  name: Type.String(),
  role: Role,
  createdAt: Time,
})
export type Member = Static<typeof Member>

export const Session = Type.Object({
  user: Nullable(User),
  /** True while no user exists: the next registration makes the administrator. */
  needsSetup: Type.Boolean(),
  /** To be sent back in `x-csrf-token` with every changing request that uses the cookie. */
  csrfToken: Type.String(),
})
export type Session = Static<typeof Session>

export const Token = Type.Object({
  id: Id,
  name: Type.String(),
  /** `products.manage` for every store that its user has, `products.manage:STORE` for one; empty: all that its user may. */
  permissions: Type.Array(Type.String()),
  createdAt: Time,
  lastUsedAt: Nullable(Time),
})
export type Token = Static<typeof Token>

export const Store = Type.Object({
  id: Id,
  name: Type.String(),
  description: Type.String(),
  currency: Currency,
  /** Path of its mark under the API's origin, null without one. */
  logoUrl: Nullable(Type.String()),
  createdAt: Time,
  metadata: Type.Optional(Metadata),
})
export type Store = Static<typeof Store>

/** What a store's checkout asks for, and says. */
export const CheckoutFacts = Type.Object({
  email: Type.Union([Type.Literal('required'), Type.Literal('optional'), Type.Literal('none')]),
  /** To whoever has paid; lines with `\n`, empty where nothing is said. */
  thanks: Type.String(),
})
export type CheckoutFacts = Static<typeof CheckoutFacts>

export const Product = Type.Object({
  id: Id,
  storeId: Id,
  name: Type.String(),
  description: Type.String(),
  price: Money,
  currency: Currency,
  category: Type.String(),
  /** Pieces left; null where stock is not counted. */
  stock: Nullable(Type.Integer({ minimum: 0 })),
  status: Type.Union([Type.Literal('active'), Type.Literal('hidden')]),
  /** Path of the picture under the API's origin, null without one. */
  imageUrl: Nullable(Type.String()),
  createdAt: Time,
  updatedAt: Time,
  metadata: Type.Optional(Metadata),
})
export type Product = Static<typeof Product>

export const ProductInput = Type.Object(
  {
    storeId: Type.Optional(Id),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    description: Type.Optional(Type.String({ maxLength: 10_000 })),
    price: Money,
    category: Type.Optional(Type.String({ maxLength: 80 })),
    stock: Type.Optional(Nullable(Type.Integer({ minimum: 0, maximum: 1_000_000_000 }))),
    status: Type.Optional(Type.Union([Type.Literal('active'), Type.Literal('hidden')])),
    metadata: Type.Optional(MetadataInput),
  },
  { additionalProperties: false },
)
export type ProductInput = Static<typeof ProductInput>

/** By what products can be listed; with `-` the other way round. Stock that is not counted is the largest. */
export const ProductSort = Type.Union([
  Type.Literal('name'),
  Type.Literal('-name'),
  Type.Literal('price'),
  Type.Literal('-price'),
  Type.Literal('stock'),
  Type.Literal('-stock'),
  Type.Literal('createdAt'),
  Type.Literal('-createdAt'),
])
export type ProductSort = Static<typeof ProductSort>

export const CartItem = Type.Object({
  productId: Id,
  name: Type.String(),
  imageUrl: Nullable(Type.String()),
  quantity: Type.Integer({ minimum: 1 }),
  price: Money,
  total: Money,
  /** Pieces that can be had; null where stock is not counted. */
  available: Nullable(Type.Integer()),
})
export type CartItem = Static<typeof CartItem>

export const Cart = Type.Object({
  id: Id,
  storeId: Id,
  items: Type.Array(CartItem),
  total: Money,
  currency: Currency,
  /** What is noted for plugins that take it from buyers: plugin → key → value. */
  metadata: Metadata,
})
export type Cart = Static<typeof Cart>

export const InvoiceStatus = Type.Union([
  Type.Literal('pending'),
  Type.Literal('paid'),
  Type.Literal('confirmed'),
  Type.Literal('complete'),
  Type.Literal('expired'),
  Type.Literal('invalid'),
  Type.Literal('refunded'),
])
export type InvoiceStatus = Static<typeof InvoiceStatus>

export const InvoiceItem = Type.Object({
  productId: Id,
  name: Type.String(),
  quantity: Type.Integer({ minimum: 1 }),
  price: Money,
  total: Money,
})
export type InvoiceItem = Static<typeof InvoiceItem>

/** What is unusual about what was paid; `paid_partial`: it waits for the rest; `paid_under`: less than the amount, and taken as paid; `failed_confirm`: a payment was seen and will never come. */
export const ExceptionStatus = Type.Union([
  Type.Literal('none'),
  Type.Literal('paid_partial'),
  Type.Literal('paid_under'),
  Type.Literal('paid_over'),
  Type.Literal('paid_late'),
  Type.Literal('failed_confirm'),
])
export type ExceptionStatus = Static<typeof ExceptionStatus>

/** One payment against an invoice. `amount` is exact, in the method's own currency, with as many digits as it has. */
export const Payment = Type.Object({
  id: Id,
  method: Type.String(),
  title: Type.String(),
  /** What names it at its method: a transaction's output, a receipt. */
  reference: Type.String(),
  amount: Type.String(),
  currency: Type.String(),
  /** `seen`: it may still be lost; `confirmed`: at least once; `settled`: as often as asked for; `failed`: it will never come. */
  status: Type.Union([
    Type.Literal('seen'),
    Type.Literal('confirmed'),
    Type.Literal('settled'),
    Type.Literal('failed'),
  ]),
  confirmations: Type.Integer({ minimum: 0 }),
  requiredConfirmations: Type.Integer({ minimum: 0 }),
  /** It came when the invoice had expired, or was over otherwise. */
  isLate: Type.Boolean(),
  createdAt: Time,
  updatedAt: Time,
})
export type Payment = Static<typeof Payment>

/** How one invoice is paid by one method. */
export const PaymentRequest = Type.Object({
  id: Id,
  method: Type.String(),
  /** Exact, in the method's currency: what the whole invoice costs. */
  amount: Type.String(),
  /** What came in by this method so far; failed payments do not count. */
  paid: Type.String(),
  /** What is still to be paid by this method. */
  open: Type.String(),
  currency: Type.String(),
  address: Type.String(),
  uri: Type.String(),
  qr: Type.String(),
  confirmations: Type.Integer({ minimum: 0 }),
  /** What one unit of its currency cost in the invoice's when it was made; null where no rate was needed. */
  rate: Nullable(Type.Object({ rate: Type.String(), provider: Type.String(), at: Time })),
  /** What the method's plugin gives its own checkout. */
  metadata: Type.Record(Type.String(), Type.Unknown()),
  createdAt: Time,
})
export type PaymentRequest = Static<typeof PaymentRequest>

/** A way to pay, as a buyer chooses it. */
export const PaymentChoice = Type.Object({ name: Type.String(), title: Type.String() })
export type PaymentChoice = Static<typeof PaymentChoice>

/** What a store needs to be paid by one method. */
export const PaymentAccount = Type.Object({
  method: Type.String(),
  title: Type.String(),
  /** Whether buyers may choose it. */
  isEnabled: Type.Boolean(),
  /** Whether it has what it needs; `manual` needs nothing. */
  isSet: Type.Boolean(),
  /** JSON Schema of the form; without fields where there is nothing to fill in. */
  schema: Type.Record(Type.String(), Type.Unknown()),
  /** What is stored, without fields that are `writeOnly`. */
  values: Type.Record(Type.String(), Type.Unknown()),
  /** What went wrong last, and when; null where it works. */
  failure: Nullable(Type.Object({ says: Type.String(), at: Time })),
})
export type PaymentAccount = Static<typeof PaymentAccount>

/** What one provider says a currency costs in another. */
export const RateAnswer = Type.Object({
  /** `<plugin>.<provider>` */
  provider: Type.String(),
  title: Type.String(),
  /** Exact decimal text; null where it never gave one. */
  rate: Nullable(Type.String()),
  /** When that was so. */
  at: Nullable(Time),
  /** Why it cannot be believed now; null where it can. */
  failure: Nullable(Type.String()),
})
export type RateAnswer = Static<typeof RateAnswer>

/** By what invoices can be listed; with `-` the other way round. */
export const InvoiceSort = Type.Union([
  Type.Literal('amount'),
  Type.Literal('-amount'),
  Type.Literal('buyerEmail'),
  Type.Literal('-buyerEmail'),
  Type.Literal('createdAt'),
  Type.Literal('-createdAt'),
])
export type InvoiceSort = Static<typeof InvoiceSort>

/** What a buyer holds in hand: the invoice's unguessable id is the right to see it. */
export const Invoice = Type.Object({
  id: Id,
  /** Counts up from 1 in each store. */
  number: Type.Integer({ minimum: 1 }),
  storeId: Id,
  status: InvoiceStatus,
  exceptionStatus: ExceptionStatus,
  amount: Money,
  /** What its payments come to, in its currency; failed ones do not count. */
  paidAmount: Money,
  /** What is not paid of the amount, and by how much more came than that: rounded up, and down; one of both is nothing. */
  missingAmount: Money,
  excessAmount: Money,
  currency: Currency,
  buyerEmail: Type.String(),
  items: Type.Array(InvoiceItem),
  payment: Type.Object({
    method: Type.String(),
    title: Type.String(),
    /** How to pay, in the merchant's own words; empty where there are none. */
    instructions: Type.String(),
    /** Null where the method makes none, or has not yet. */
    request: Nullable(PaymentRequest),
    /** What else the buyer may choose, this method included. */
    choices: Type.Array(PaymentChoice),
  }),
  payments: Type.Array(Payment),
  createdAt: Time,
  expiresAt: Time,
  paidAt: Nullable(Time),
  metadata: Type.Optional(Metadata),
})
export type Invoice = Static<typeof Invoice>

export const Page = <T extends TSchema>(item: T) =>
  Type.Object({
    items: Type.Array(item),
    /** Give it back as `cursor`; null at the end. */ next: Nullable(Type.String()),
  })
export interface Page<T> {
  items: T[]
  next: string | null
}

/** An address that is told of what happens in a store. */
export const Webhook = Type.Object({
  id: Id,
  storeId: Id,
  url: Type.String(),
  /** Names of events: `invoice.paid`. */
  events: Type.Array(Type.String()),
  isEnabled: Type.Boolean(),
  createdAt: Time,
  metadata: Type.Optional(Metadata),
})
export type Webhook = Static<typeof Webhook>

/** What is posted to a webhook; `data` is the event's own payload. */
export const WebhookMessage = Type.Object({
  /** The same in every try and every redelivery: what was seen already can be left alone. */
  id: Id,
  event: Type.String(),
  storeId: Id,
  createdAt: Time,
  data: Type.Record(Type.String(), Type.Unknown()),
})
export type WebhookMessage = Static<typeof WebhookMessage>

/** One message to one webhook. */
export const WebhookDelivery = Type.Object({
  id: Id,
  webhookId: Id,
  event: Type.String(),
  /** `waiting`: it is tried, or tried again; `parked`: the last try failed. */
  status: Type.Union([Type.Literal('waiting'), Type.Literal('delivered'), Type.Literal('parked')]),
  tries: Type.Integer({ minimum: 0 }),
  /** HTTP status of the last try; null where nothing answered. */
  responseStatus: Nullable(Type.Integer()),
  /** How long the last try took, in milliseconds. */
  ms: Nullable(Type.Integer()),
  /** Why the last try failed; null where it did not. */
  failure: Nullable(Type.String()),
  createdAt: Time,
  triedAt: Nullable(Time),
  nextTryAt: Nullable(Time),
})
export type WebhookDelivery = Static<typeof WebhookDelivery>

/** A way to tell somebody something. */
export const NoticeChannel = Type.Object({
  /** `<plugin>.<channel>` */
  name: Type.String(),
  title: Type.String(),
  /** JSON Schema of the form that says where a message goes. */
  schema: Type.Record(Type.String(), Type.Unknown()),
  reachesBuyers: Type.Boolean(),
})
export type NoticeChannel = Static<typeof NoticeChannel>

const NoticeAudience = Type.Union([Type.Literal('staff'), Type.Literal('buyer')])
/** What a rule can be told of. */
export const NoticeEvents = Type.Object({
  staff: Type.Array(Type.String()),
  buyer: Type.Array(Type.String()),
})
export type NoticeEvents = Static<typeof NoticeEvents>

/** Who is told of what in a store, and how. */
export const NoticeRule = Type.Object({
  id: Id,
  storeId: Id,
  channel: Type.String(),
  /** `buyer`: whoever the invoice is for, at the address it has. */
  audience: NoticeAudience,
  /** Where it goes, for people. */
  targetName: Type.String(),
  /** What is stored of that, without fields that are `writeOnly`. */
  values: Type.Record(Type.String(), Type.Unknown()),
  /** Names of events: `invoice.paid`. */
  events: Type.Array(Type.String()),
  isEnabled: Type.Boolean(),
  createdAt: Time,
  metadata: Type.Optional(Metadata),
})
export type NoticeRule = Static<typeof NoticeRule>

/** One message to one recipient. */
export const NoticeMessage = Type.Object({
  id: Id,
  ruleId: Id,
  event: Type.String(),
  /** Empty until it is worded, at its first try. */
  recipient: Type.String(),
  subject: Type.String(),
  /** `waiting`: it is tried, or tried again; `parked`: the last try failed. */
  status: Type.Union([Type.Literal('waiting'), Type.Literal('delivered'), Type.Literal('parked')]),
  tries: Type.Integer({ minimum: 0 }),
  /** Why the last try failed; null where it did not. */
  failure: Nullable(Type.String()),
  createdAt: Time,
  triedAt: Nullable(Time),
  nextTryAt: Nullable(Time),
})
export type NoticeMessage = Static<typeof NoticeMessage>

/** A text that people read, as a store uses it. */
export const StoreText = Type.Object({
  plugin: Type.String(),
  name: Type.String(),
  title: Type.String(),
  /** A message: its first line is the subject. */
  isMessage: Type.Boolean(),
  /** The template that counts. */
  text: Type.String(),
  /** Whose words it is in. */
  origin: Type.Union([Type.Literal('store'), Type.Literal('operator'), Type.Literal('shipped')]),
  /** The template as its plugin, or core, ships it. */
  shipped: Type.String(),
  /** What it may show: `number`, `items[].name`. */
  variables: Type.Array(Type.String()),
})
export type StoreText = Static<typeof StoreText>

/** One change that a user made. */
export const AuditEntry = Type.Object({
  id: Id,
  userId: Type.String(),
  userEmail: Type.String(),
  isByToken: Type.Boolean(),
  /** The operation: `PATCH /api/products/:id`. */
  action: Type.String(),
  path: Type.String(),
  /** Where the request came from. */
  address: Type.String(),
  createdAt: Time,
})
export type AuditEntry = Static<typeof AuditEntry>

/** `waiting`: for its turn, or for the next try; `parked`: the last try failed, and nobody tries again by themselves. */
export const JobState = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('running'),
  Type.Literal('parked'),
  Type.Literal('done'),
])
export type JobState = Static<typeof JobState>

const JobKind = Type.Union([Type.Literal('job'), Type.Literal('event')])

/** One job, or one event on its way to the listeners of one plugin. */
export const Job = Type.Object({
  id: Id,
  kind: JobKind,
  /** Whose job it is, or whose listeners hear the event; `core` is core itself. */
  plugin: Type.String(),
  /** Of the job, or of the event: `invoice.paid`. */
  name: Type.String(),
  state: JobState,
  /** How often it was begun. */
  tries: Type.Integer({ minimum: 0 }),
  /** What it was given, as JSON; secrets are left out and long texts cut. */
  payload: Type.String(),
  /** Why the last try failed; null where it did not. */
  failure: Nullable(Type.String()),
  createdAt: Time,
  /** When it was begun last. */
  startedAt: Nullable(Time),
  /** When it is due; null where it waits for nothing. */
  nextTryAt: Nullable(Time),
  endedAt: Nullable(Time),
})
export type Job = Static<typeof Job>

/** What of one name is parked. */
export const ParkedJobs = Type.Object({
  kind: JobKind,
  plugin: Type.String(),
  name: Type.String(),
  count: Type.Integer({ minimum: 1 }),
})
export type ParkedJobs = Static<typeof ParkedJobs>

/** How many jobs there are of each state but `done`. */
export const JobCounts = Type.Object({
  waiting: Type.Integer(),
  running: Type.Integer(),
  parked: Type.Integer(),
  /** The parked ones by name, the most first. */
  parkedByName: Type.Array(ParkedJobs),
})
export type JobCounts = Static<typeof JobCounts>

/** A job that time starts. */
export const JobSchedule = Type.Object({
  plugin: Type.String(),
  job: Type.String(),
  /** Five fields of cron, UTC. */
  every: Type.String(),
  nextAt: Time,
  /** When it last came to an end, well or not; null where it never did in the last week. */
  lastAt: Nullable(Time),
  lastState: Nullable(JobState),
})
export type JobSchedule = Static<typeof JobSchedule>

export const Dashboard = Type.Object({
  currency: Currency,
  /** Sum of invoices that reached `complete` in the last 30 days. */
  sales30d: Money,
  invoices30d: Type.Integer(),
  openInvoices: Type.Integer(),
  products: Type.Integer(),
  /** One row a day, oldest first, 30 rows. */
  days: Type.Array(Type.Object({ day: Type.String(), sales: Money, invoices: Type.Integer() })),
  recent: Type.Array(Invoice),
})
export type Dashboard = Static<typeof Dashboard>

/** One declared setting with its present value; a secret's value never leaves the server. */
export const SettingRow = Type.Object({
  plugin: Type.String(),
  key: Type.String(),
  title: Type.String(),
  type: Type.String(),
  /** What it may be; a title is null where none was declared. */
  options: Type.Array(Type.Object({ value: Type.String(), title: Nullable(Type.String()) })),
  /** Of a text: `color`, `lines`, or empty. */
  format: Type.String(),
  minimum: Nullable(Type.Number()),
  maximum: Nullable(Type.Number()),
  isSecret: Type.Boolean(),
  isSet: Type.Boolean(),
  value: Type.Unknown(),
  /** Where the value comes from: store, user, admin, env, selection, default, or none. */
  origin: Type.String(),
  description: Type.String(),
  /** What may have a value of its own: each `store` or `user`; `global` is one for all. */
  scope: Type.String(),
})
export type SettingRow = Static<typeof SettingRow>

/** `distribution.json`, also served at /api/distribution. Written by the composer's package stage. */
export const Distribution = Type.Object({
  format: Type.Literal(1),
  name: Type.String(),
  core: Type.String(),
  node: Type.String(),
  /** `sha256-…` over the whole content of the lock. */
  digest: Type.String(),
  plugins: Type.Array(
    Type.Object({
      name: Type.String(),
      version: Type.String(),
      title: Type.String(),
      description: Type.String(),
      author: Type.String(),
      license: Type.String(),
      kind: Type.String(),
      /** Extension points it contributes to, each with how many contributions. */
      contributes: Type.Record(Type.String(), Type.Integer()),
      integrity: Type.String(),
      /** npm packages of it with machine code. */
      native: Type.Optional(Type.Array(Type.String())),
    }),
  ),
  /** The only kinds of machine it runs on, `linux-x64`, where a plugin brings machine code; sorted. */
  machines: Type.Optional(Type.Array(Type.String())),
  migrations: Type.Array(Type.Object({ id: Type.String(), checksum: Type.String() })),
  services: Type.Array(
    Type.Object({
      plugin: Type.String(),
      name: Type.String(),
      /** File of the distribution that is its program, `services/status-page.js`; null for a foreign image. */
      entry: Nullable(Type.String()),
      /** Where it is reached under the one domain; null where it is not exposed. */
      path: Nullable(Type.String()),
      port: Nullable(Type.Integer()),
      stripPrefix: Type.Boolean(),
      auth: Type.Union([Type.Literal('admin'), Type.Literal('customer'), Type.Literal('public')]),
    }),
  ),
  deployment: Type.Object({
    host: Type.String(),
    mode: Type.String(),
    database: Type.String(),
    proxy: Type.String(),
    /** What it was made for, `linux/amd64`; absent: whatever runs Node. */
    platforms: Type.Optional(Type.Array(Type.String())),
  }),
  /** Values the selection gives: plugin → setting → value. Secrets never stand here. */
  settings: Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown())),
})
export type Distribution = Static<typeof Distribution>

/** RFC 9457, `application/problem+json`. */
export const HttpProblem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.Optional(Type.String()),
  /** Which fields were wrong, each with the rule. */
  errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), says: Type.String() }))),
})
export type HttpProblem = Static<typeof HttpProblem>

/** What became of each of many: whether it was done, or the problem that one alone would have been answered with. */
export const BulkReport = Type.Object({
  done: Type.Array(Id),
  failed: Type.Array(Type.Object({ id: Id, problem: HttpProblem })),
})
export type BulkReport = Static<typeof BulkReport>
