import type { Kysely } from 'kysely'
import type { Static, TSchema } from 'typebox'
import type { MetadataNoun } from './manifest.ts'
import type { CorePermission } from './permissions.ts'
import type { Cart, ProductInput, User } from './resources.ts'

export { Type, type Static } from 'typebox'
export { sql, type Generated } from 'kysely'

/** What `plugin.gen.ts` states of one plugin; made from its manifest and its rehearsed tables. */
export interface PluginTypes {
  name: string
  permission: string
  /** Of the whole shop. */
  settings: object
  /** Of each store, and of each user. */
  storeSettings: object
  userSettings: object
  jobs: object
  emits: object
  /** Events of other plugins it listens to: `ledger.booked` → payload. Core's are in `CoreEvents`. */
  consumes: object
  templates: object
  /** What it notes about records of core: noun → key → value. */
  metadata: object
  tables: object
}

/** Events of core, each with its payload. Delivered at least once, in no promised order. */
export interface CoreEvents {
  'invoice.created': InvoiceEvent
  'invoice.paid': InvoiceEvent
  'invoice.confirmed': InvoiceEvent
  'invoice.complete': InvoiceEvent
  'invoice.expired': InvoiceEvent
  'invoice.invalid': InvoiceEvent
  'invoice.refunded': InvoiceEvent
  'invoice.exception': InvoiceEvent & { exceptionStatus: string }
  'payment.recorded': PaymentEvent
  'payment.changed': PaymentEvent
  'product.created': { productId: string; storeId: string }
  'product.changed': { productId: string; storeId: string }
  'product.deleted': { productId: string; storeId: string }
  /** An order took so much of a counted stock that no more is left than the setting `lowStock` says; told once on the way down, and when nothing is left. */
  'product.low': { productId: string; storeId: string; stock: number }
}
export interface InvoiceEvent {
  invoiceId: string
  storeId: string
  status: string
}
export interface PaymentEvent {
  invoiceId: string
  storeId: string
  method: string
  reference: string
  /** Exact decimal text in `currency`, which is the method's own. */
  amount: string
  currency: string
  status: string
  confirmations: number
}

/**
 * What passes through `api.hooks` before core acts: `value` may be changed, `about` is to read. Hooks run in the order of their
 * plugins' names, outside of any transaction; each gets what the one before gave.
 */
export interface CoreHooks {
  /** A product before it is stored, made or changed by whomever; `productId` is null for a new one. */
  'product.saving': {
    value: Partial<ProductInput>
    about: { readonly productId: string | null }
  }
  /** An order before anything is reserved. */
  'checkout.starting': {
    value: { readonly email: string; readonly method?: string | undefined }
    about: { readonly cart: Cart }
  }
}

/** Views every plugin may read. Money is `numeric`, a text in JavaScript. */
export interface CoreViews {
  'core_v1.stores': { id: string; name: string; currency: string; created_at: Date }
  'core_v1.products': {
    id: string
    store_id: string
    name: string
    price: string
    category: string
    stock: number | null
    status: string
    created_at: Date
  }
  'core_v1.invoices': {
    id: string
    number: number
    store_id: string
    status: string
    amount: string
    currency: string
    buyer_email: string
    created_at: Date
    paid_at: Date | null
  }
  'core_v1.invoice_items': {
    invoice_id: string
    product_id: string
    name: string
    quantity: number
    price: string
  }
  /** What is noted about them, a row a namespace: the plugin's name, or `merchant`. */
  'core_v1.store_metadata': { store_id: string; namespace: string; value: Noted }
  'core_v1.product_metadata': { product_id: string; namespace: string; value: Noted }
  'core_v1.invoice_metadata': { invoice_id: string; namespace: string; value: Noted }
  'core_v1.payments': {
    id: string
    invoice_id: string
    method: string
    reference: string
    amount: string
    currency: string
    status: string
    confirmations: number
    is_late: boolean
    created_at: Date
  }
}

/**
 * The plugin's own tables, to be read and written. Core's views as `core_v1.…`, and what the plugins that it requires publish,
 * as `p_ledger.…`, are there to be read: PostgreSQL refuses to write to them, and so do these types.
 */
export type Db<P extends PluginTypes> = ReadOnly<keyof (P['tables'] & CoreViews)> &
  Kysely<P['tables'] & CoreViews>

/** What stands in a schema of its own belongs to somebody else. Asked before Kysely's own methods. */
interface ReadOnly<Table> {
  insertInto<T extends Table & Foreign>(table: T): OnlyItsOwnerWritesTo<T>
  replaceInto<T extends Table & Foreign>(table: T): OnlyItsOwnerWritesTo<T>
  updateTable<T extends Named<Table & Foreign>>(table: T): OnlyItsOwnerWritesTo<T>
  deleteFrom<T extends Named<Table & Foreign>>(table: T): OnlyItsOwnerWritesTo<T>
  mergeInto<T extends Named<Table & Foreign>>(table: T): OnlyItsOwnerWritesTo<T>
}
type Foreign = `${string}.${string}`
type Named<Table extends string> = Table | `${Table} as ${string}`
/** Nothing can be done with it: the message of the compiler names this type. */
interface OnlyItsOwnerWritesTo<Table> {
  readonly readOnly: Table
}

type Noted = Readonly<Record<string, unknown>>
/** The keys that a plugin declares for one noun; none where it declares none. */
type NotedBy<P extends PluginTypes, N extends MetadataNoun> = N extends keyof P['metadata']
  ? { readonly [K in keyof P['metadata'][N]]?: P['metadata'][N][K] | undefined }
  : Record<string, never>
type Changes<T> = { readonly [K in keyof T]: T[K] | null }

/** What this plugin notes about one record. */
export interface OwnMetadata<P extends PluginTypes, N extends MetadataNoun> {
  get(): Promise<NotedBy<P, N>>
  /**
   * Keys that are given take their value, null takes one away, the others stay; gives all of them. 404 where there is no such
   * record; 422 where all of them would be more than 16,384 bytes as JSON. No event tells of it.
   */
  set(values: Changes<NotedBy<P, N>>): Promise<NotedBy<P, N>>
}

/** What core does on behalf of a plugin, which notes `OfProducts` about products; each call checks its input as the API would. */
export interface CoreServices<OfProducts = object> {
  readonly payments: {
    /**
     * Records what came in for a request of this plugin's own payment method, for a method that is told rather than looks:
     * in one transaction of its own, once for each reference, however often it is told. 404 for a request of another plugin.
     */
    report(requestId: string, payments: readonly ReportedPayment[]): Promise<void>
  }
  readonly rates: {
    /**
     * What one unit of `base` costs in `quote`, two unlike currencies: `of('BTC', 'EUR')`. The first provider that answers is
     * believed; what is too old is not. 409 with what each one said where there is none: never one to one.
     */
    of(base: string, quote: string): Promise<UsedRate>
  }
  readonly products: {
    /**
     * Adds all products or none, in one transaction; gives their ids in order. `storeId` absent means the first store;
     * `metadata` is what this plugin notes about each of them.
     */
    createMany(
      inputs: readonly ProductInput[],
      options?: { readonly metadata?: OfProducts },
    ): Promise<readonly string[]>
  }
}

export interface Log {
  info(message: string, facts?: object): void
  warn(message: string, facts?: object): void
  error(message: string, facts?: object): void
}

interface JobOptions {
  /** At most one queued job of this name with this key. */
  readonly key?: string
  /** Seconds from now. */
  readonly afterSeconds?: number
}

export interface Jobs<P extends PluginTypes> {
  add<J extends keyof P['jobs'] & string>(
    job: J,
    payload: P['jobs'][J],
    options?: JobOptions,
  ): Promise<void>
}

/** A transaction: what is written, emitted and queued through it happens together or not at all. */
export interface Tx<P extends PluginTypes> {
  readonly db: Db<P>
  readonly jobs: Jobs<P>
  emit<E extends keyof P['emits'] & string>(event: E, payload: P['emits'][E]): Promise<void>
  /** What this plugin notes about a record of core, in its own namespace. */
  metadata<N extends MetadataNoun & keyof P['metadata']>(noun: N, id: string): OwnMetadata<P, N>
}

export interface Context<P extends PluginTypes> {
  readonly db: Db<P>
  /** Runs in one transaction; using the outer `db` inside is an error. */
  tx<R>(run: (tx: Tx<P>) => Promise<R>): Promise<R>
  readonly jobs: Jobs<P>
  /** Those of the whole shop, at this moment. */
  readonly settings: Readonly<P['settings']>
  /** Those with `scope: store`, as one store has them; read outside of a transaction. */
  storeSettings(storeId: string): Promise<Readonly<P['storeSettings']>>
  /** Those with `scope: user`, as one user has them; read outside of a transaction. */
  userSettings(userId: string): Promise<Readonly<P['userSettings']>>
  readonly core: CoreServices<NotedBy<P, 'product'>>
  readonly log: Log
  /** Renders a template of this plugin, in the words of the store where it has its own, else of the operator. */
  render<T extends keyof P['templates'] & string>(
    template: T,
    variables: P['templates'][T],
    store?: { readonly storeId: string },
  ): Promise<string>
  /** Fires when the process shuts down. */
  readonly signal: AbortSignal
}

export interface RequestContext<P extends PluginTypes> extends Context<P> {
  /** The signed-in user, null for a visitor. */
  readonly user: User | null
  /** An opaque id of this visitor (a signed cookie), the same at each visit with one browser. */
  readonly visitor: string
}

/** What a payment method is asked to be paid. Money is an exact decimal text in major units. */
export interface PaymentOrder {
  /** Names the request that is made, before it is: for `core.payments.report`. */
  readonly requestId: string
  readonly invoiceId: string
  readonly invoiceNumber: number
  readonly storeId: string
  readonly amount: string
  readonly currency: string
  /** ISO 8601, UTC. */
  readonly expiresAt: string
}

/** A rate that an amount was made with. */
export interface UsedRate {
  /** What one unit of the one currency costs in the other: exact decimal text, above zero. */
  readonly rate: string
  /** Who says so, for people: `Kraken`, `Fixed price`. */
  readonly provider: string
  /** When it was so: ISO 8601, UTC. */
  readonly at: string
}

/** How one invoice is paid by one method. The buyer sees all of it, `metadata` too. */
export interface PaymentDemand {
  /** What the whole invoice costs in `currency`: exact, above zero. */
  readonly amount: string
  readonly currency: string
  /** Where it goes: an address, an account, a reference. */
  readonly address: string
  /** Opens the buyer's wallet or bank; empty where nothing does. */
  readonly uri: string
  /** What the QR code says; empty where there is none. */
  readonly qr: string
  /** Confirmations until the invoice is complete; 0 takes what is seen. */
  readonly confirmations: number
  /** What one unit of `currency` costs in the invoice's, where the amount was made with a rate; it is kept with the request. */
  readonly rate?: UsedRate
  /** Plain JSON; it comes back with every look. */
  readonly metadata: Readonly<Record<string, unknown>>
}

/** One payment a method knows of. What is not reported is not news: only `isFailed` takes a payment back. */
export interface ReportedPayment {
  /** Names this payment and no other of the method, at every look. */
  readonly reference: string
  /** Exact decimal text in the demand's currency. */
  readonly amount: string
  readonly confirmations: number
  /** True where it will never come: its money was spent another way. */
  readonly isFailed?: boolean
  /** Plain JSON that is given back with the next look. */
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** A demand that is open, with what is known of its payments. */
export interface OpenDemand extends PaymentDemand {
  readonly requestId: string
  readonly payments: readonly Required<ReportedPayment>[]
}

/** One line of what an account leads to: its first addresses, its bank's name. */
export interface PreviewRow {
  readonly title: string
  readonly text: string
}

/** A way to pay. Throw HttpError to say what a person can mend; 422 with `errors` names fields of the account. */
export interface PaymentMethodDefinition<
  P extends PluginTypes,
  A extends TSchema = TSchema,
  Account = Static<A>,
> {
  /**
   * What the merchant gives to be paid: an object of texts, numbers and switches, each with a `title`; the admin makes the form.
   * `writeOnly` is kept encrypted and shown to nobody.
   */
  readonly account: A
  /** Checks an account further than its schema does, and shows what it leads to. Nothing is stored before it went well. */
  preview(
    account: Account,
    store: { readonly currency: string },
    context: Context<P>,
  ): Promise<readonly PreviewRow[]>
  /** Makes the demand for one invoice; called at most once for each that is kept, outside of any transaction. */
  demand(order: PaymentOrder, account: Account, context: Context<P>): Promise<PaymentDemand>
  /** Looks for payments of one open demand; absent where the plugin is told, and reports. What it throws is shown to the merchant, and it is asked again later. */
  look?(
    demand: OpenDemand,
    account: Account,
    context: Context<P>,
  ): Promise<readonly ReportedPayment[]>
}
// oxlint-disable-next-line typescript/no-explicit-any -- types of accounts, requests and plugins that a table of unlike ones cannot keep
type Erased = any
export type AnyPaymentMethod = {
  readonly account: TSchema
  preview(
    account: Erased,
    store: { readonly currency: string },
    context: Erased,
  ): Promise<readonly PreviewRow[]>
  demand(order: PaymentOrder, account: Erased, context: Erased): Promise<PaymentDemand>
  look?(demand: OpenDemand, account: Erased, context: Erased): Promise<readonly ReportedPayment[]>
}

/** One of two unlike currencies in the other, `BTC` in `EUR`. */
export interface RatePair {
  readonly base: string
  readonly quote: string
}
export interface ProvidedRate {
  /** What one unit of `base` costs in `quote`: exact decimal text above zero, at most 18 digits on either side of the point. */
  readonly rate: string
  /** When it was so: ISO 8601, UTC. Absent: now. */
  readonly at?: string
}
/** A source of rates. Core asks rarely, keeps what it was told, and refuses what is too old. */
export interface RateProviderDefinition<P extends PluginTypes> {
  /** Undefined where it has no such rate. What it throws is shown to the merchant, and another provider is asked. */
  rate(pair: RatePair, context: Context<P>): Promise<ProvidedRate | undefined>
}
export interface HookDefinition<Hook extends string = string> {
  readonly hook: Hook
  // oxlint-disable-next-line typescript/no-explicit-any -- erased plugin types
  readonly run: (value: any, about: any, context: any) => Promise<any>
}
export type AnyHook = HookDefinition

/** What a command is started with. */
export interface CommandContext<P extends PluginTypes> extends Context<P> {
  /** The words after its name. */
  readonly words: readonly string[]
  /** One line of its result, on stdout. */
  print(line: string): void
}
export type AnyCommand = {
  run(context: Erased): Promise<void>
}

export type AnyRateProvider = {
  rate(pair: RatePair, context: Erased): Promise<ProvidedRate | undefined>
}

/** One message to one person or place: plain text, worded by core from the template that the store uses. */
export interface Notice {
  /** The same at every try. */
  readonly id: string
  /** What happened, `invoice.paid`; `test` where a merchant tries it. */
  readonly event: string
  readonly storeId: string
  readonly storeName: string
  /** One line without control characters, at most 200 characters. */
  readonly subject: string
  /** Lines with `\n`. */
  readonly text: string
}

/** A way to tell somebody something: mail, a chat, a pager. */
export interface NotifyChannelDefinition<
  P extends PluginTypes,
  T extends TSchema = TSchema,
  Target = Static<T>,
> {
  /**
   * What says where a message goes: an object of texts, numbers and switches, each with a `title`; the admin makes the form.
   * `writeOnly` is shown to nobody. All of it is kept encrypted.
   */
  readonly target: T
  /** What a target is called in a list, `owner@example.com`; no secret. */
  nameOf(target: Target): string
  /** Where a buyer of this e-mail address is told; absent where the channel reaches no buyers. */
  toBuyer?(email: string): Target
  /** Hands one message over. What it throws is shown to the merchant, and it is called again later, 8 times in all. */
  send(notice: Notice, target: Target, context: Context<P>): Promise<void>
}
export type AnyNotifyChannel = {
  readonly target: TSchema
  nameOf(target: Erased): string
  toBuyer?(email: string): Erased
  send(notice: Notice, target: Erased, context: Erased): Promise<void>
}

/** Throw it in a handler to answer with problem+json. */
export class HttpError extends Error {
  readonly status: number
  readonly errors: readonly { field: string; says: string }[] | undefined
  constructor(status: number, says: string, errors?: readonly { field: string; says: string }[]) {
    super(says)
    this.name = 'HttpError'
    this.status = status
    this.errors = errors
  }
}

export type RouteKey = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`

export interface RouteShape<Permission extends string = string> {
  /** `public`: everybody; `user`: whoever is signed in; else a permission of this plugin or of core. */
  readonly permission: Permission | 'public' | 'user' | CorePermission
  readonly params?: TSchema
  readonly query?: TSchema
  readonly body?: TSchema
  /** The body arrives as bytes, whatever its content type, and `headers` with it: for what is uploaded, or signed by whoever sends it. */
  readonly raw?: true
  /** Absent where the answer is a stream. */
  readonly returns?: TSchema
  /** The answer is a stream of server-sent events; the handler gives an async iterable, and each of it carries this as JSON. */
  readonly events?: TSchema
  /** Largest body in bytes. Default: 1,048,576. */
  readonly bodyLimitBytes?: number
  /** One sentence for the OpenAPI document. */
  readonly summary?: string
}
type Value<S> = S extends TSchema ? Static<S> : undefined
export interface RouteRequest<S extends RouteShape> {
  readonly params: Value<S['params']>
  readonly query: Value<S['query']>
  readonly body: S['raw'] extends true ? Uint8Array : Value<S['body']>
  /** Of a raw route: by lower-case name, without cookies and credentials. */
  readonly headers: S['raw'] extends true ? Readonly<Record<string, string | undefined>> : undefined
}
type Answered<S extends RouteShape> = S['events'] extends TSchema
  ? AsyncIterable<Static<S['events']>>
  : Promise<Value<S['returns']>>
export interface Route<S extends RouteShape = RouteShape> {
  readonly shape: S
  // Its types are checked where it is written: here they would be explored once more for every table of routes.
  readonly handle: (request: Erased, context: Erased) => Promise<unknown> | AsyncIterable<unknown>
}
export type Routes = Readonly<Record<RouteKey, AnyRoute>>
export type AnyRoute = Route
export type AnyRoutes = Readonly<Record<string, AnyRoute>>

/** The type-only view of a route table that `useApi` reads. */
export interface JobDefinition<Name extends string = string> {
  readonly name: Name
  // oxlint-disable-next-line typescript/no-explicit-any -- erased plugin types
  readonly run: (payload: any, context: any) => Promise<void>
}
export type AnyJob = JobDefinition
export interface ListenerDefinition<Event extends string = string> {
  readonly event: Event
  // oxlint-disable-next-line typescript/no-explicit-any -- erased plugin types
  readonly run: (payload: any, context: any) => Promise<void>
}
export type AnyListener = ListenerDefinition

/** Stands in the compiler's message where a key is not a method, one space and a path. */
export interface NotARoute {
  readonly notARoute: RouteKey
}

export interface Bound<P extends PluginTypes> {
  /**
   * One route: its shape, and the handler whose request and answer the shape types.
   *
   * `Request` and `Answer` are never given: they keep the compiler from exploring TypeBox's types for every shape there could be.
   */
  route<
    const S extends RouteShape<P['permission']>,
    Request = RouteRequest<S>,
    Answer = Answered<S>,
  >(
    shape: S,
    handle: (request: NoInfer<Request>, context: RequestContext<P>) => NoInfer<Answer>,
  ): Route<S>
  /** The table of routes; keys are literals, `GET /products/:id`. Served under /api/plugins/<name>. */
  routes<const T extends Record<RouteKey, AnyRoute>>(
    table: T & { readonly [K in Exclude<keyof T, RouteKey>]: NotARoute },
  ): T
  job<J extends keyof P['jobs'] & string>(
    name: J,
    run: (payload: P['jobs'][J], context: Context<P>) => Promise<void>,
  ): JobDefinition<J>
  listener<E extends keyof (CoreEvents & P['consumes']) & string>(
    event: E,
    run: (payload: (CoreEvents & P['consumes'])[E], context: Context<P>) => Promise<void>,
  ): ListenerDefinition<E>
  /** A way to pay; the schema of its account types what its functions get. */
  paymentMethod<const A extends TSchema, Account = Static<A>>(
    method: PaymentMethodDefinition<P, A, NoInfer<Account>>,
  ): AnyPaymentMethod
  /** A source of rates between currencies. */
  rateProvider(provider: RateProviderDefinition<P>): RateProviderDefinition<P>
  /** A way to tell somebody something; the schema of its target types what its functions get. */
  notifyChannel<const T extends TSchema, Target = Static<T>>(
    channel: NotifyChannelDefinition<P, T, NoInfer<Target>>,
  ): AnyNotifyChannel
  /** What an operator runs with `node server.js run <plugin>:<command>`; it fails by throwing, with HttpError where a person can mend it. */
  command(run: (context: CommandContext<P>) => Promise<void>): AnyCommand
  /** Gives the value as core goes on with it, or refuses by throwing HttpError; what else is thrown stops core's operation with 500. */
  hook<H extends keyof CoreHooks>(
    hook: H,
    run: (
      value: CoreHooks[H]['value'],
      about: CoreHooks[H]['about'],
      context: Context<P>,
    ) => Promise<CoreHooks[H]['value']>,
  ): HookDefinition<H>
}

/** Gives the typed constructors of one plugin; called once, in its `plugin.gen.ts`. */
export function bind<P extends PluginTypes>(): Bound<P> {
  return constructors as Erased
}
const constructors = {
  route: (shape: RouteShape, handle: AnyRoute['handle']): AnyRoute => ({ shape, handle }),
  routes: (table: Routes) => table,
  job: (name: string, run: AnyJob['run']): AnyJob => ({ name, run }),
  listener: (event: string, run: AnyListener['run']): AnyListener => ({ event, run }),
  paymentMethod: (method: AnyPaymentMethod) => method,
  rateProvider: (provider: AnyRateProvider) => provider,
  notifyChannel: (channel: AnyNotifyChannel) => channel,
  command: (run: AnyCommand['run']): AnyCommand => ({ run }),
  hook: (hook: string, run: AnyHook['run']): AnyHook => ({ hook, run }),
}
export type { Kysely }
