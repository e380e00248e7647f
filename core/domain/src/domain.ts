import type {
  AnyJob,
  AnyListener,
  Context,
  Log,
  PluginTypes,
  PreviewRow,
} from '@bitcartcc/sdk/server'
import type { ServerWiring } from '@bitcartcc/sdk/wiring'
import type {
  AuditEntry,
  Cart,
  CartNotes,
  CheckoutFacts,
  Dashboard,
  Distribution,
  Invoice,
  InvoiceSort,
  Job,
  JobCounts,
  JobSchedule,
  JobState,
  NoticeChannel,
  NoticeEvents,
  NoticeMessage,
  NoticeRule,
  Member,
  MetadataInput,
  MetadataKey,
  Page,
  ParkedJobs,
  PaymentAccount,
  PaymentChoice,
  Product,
  ProductInput,
  ProductSort,
  RateAnswer,
  SettingRow,
  Store,
  StoreText,
  Token,
  User,
  Webhook,
  WebhookDelivery,
} from '@bitcartcc/sdk/resources'
import type { Role } from '@bitcartcc/sdk/rights'
import type { Asked } from './asked.ts'
import type { Database } from './database.ts'

/** One change that a user asks for. */
export interface Change {
  readonly user: Pick<User, 'id' | 'email'>
  readonly isByToken: boolean
  readonly action: string
  readonly path: string
  readonly address: string
}

/** What lies in one store, other than its own parts. */
export type Held = 'product' | 'invoice' | 'webhook' | 'delivery' | 'notice' | 'message'

/** The stores a list is made of. */
export type Stores = 'all' | readonly string[]

/** What the domain needs to be made. Nothing here is read from `process`. */
export interface DomainOptions {
  readonly database: Database
  readonly wiring: ServerWiring
  readonly distribution: Distribution
  readonly env: Readonly<Record<string, string | undefined>>
  /** Absolute folder of uploads and the instance's secret. */
  readonly dataDir: string
  readonly log: Log
}

/**
 * The merchant's nouns and rules: all that the API and the worker do, they do through this.
 *
 * Refuses bad input, missing things and missing stock by throwing HttpError of the SDK (404, 409, 422 with fields).
 */
export interface Domain {
  readonly users: {
    count(): Promise<number>
    /** Oldest first; `search` finds parts of names and addresses, `metadata` what is noted about them. */
    list(filter?: {
      search?: string | undefined
      metadata?: readonly string[] | undefined
    }): Promise<readonly User[]>
    get(id: string): Promise<User | null>
    /** The first user becomes the administrator, and the first store is made with it. 409 where the address is taken. */
    create(input: {
      email: string
      name: string
      password: string
      permissions: readonly string[]
      metadata?: MetadataInput | undefined
      /** Refused with 403 once a user exists: for a registration nobody signed in for. */
      onlyAsFirst?: boolean | undefined
    }): Promise<User>
    update(
      id: string,
      change: {
        name?: string | undefined
        password?: string | undefined
        permissions?: readonly string[] | undefined
        isAdministrator?: boolean | undefined
        metadata?: MetadataInput | undefined
      },
    ): Promise<User>
    /** 409 for the last administrator, and for the last owner of a store. */
    remove(id: string): Promise<void>
    /** Null for a wrong address or password; takes the same time in both cases. Throws 429 after repeated failures. */
    signIn(email: string, password: string): Promise<User | null>
  }
  readonly sessions: {
    /** Gives the cookie's value; only its hash is stored. */
    create(userId: string): Promise<string>
    userOf(session: string): Promise<User | null>
    remove(session: string): Promise<void>
  }
  readonly tokens: {
    list(userId: string): Promise<readonly Token[]>
    /** `secret` is shown once. Permissions never exceed the user's own; `products.manage:ID` is for one store. */
    create(
      userId: string,
      name: string,
      permissions: readonly string[],
    ): Promise<Token & { secret: string }>
    remove(userId: string, id: string): Promise<void>
    /** The user with its permissions narrowed to the token's; `isAdministrator` is false unless the token has none listed. */
    userOf(secret: string): Promise<User | null>
  }
  readonly stores: {
    /** Those of `desk` with their metadata; with `metadata`, those of them alone of which that is noted. */
    list(desk?: Stores, metadata?: readonly string[]): Promise<readonly Store[]>
    get(id: string, desk?: Stores): Promise<Store>
    create(input: {
      name: string
      description?: string | undefined
      currency: string
      metadata?: MetadataInput | undefined
      /** Who becomes its owner. */
      ownerId?: string | undefined
    }): Promise<Store>
    update(
      id: string,
      change: {
        name?: string | undefined
        description?: string | undefined
        currency?: string | undefined
        metadata?: MetadataInput | undefined
      },
    ): Promise<Store>
    /** As of a product's picture. */
    setLogo(id: string, bytes: Uint8Array): Promise<Store>
    removeLogo(id: string): Promise<Store>
    /** Its colours as a style sheet, of the first store where none is named; empty where it looks as shipped, or there is none. */
    themeCss(id?: string): Promise<string>
    checkout(id: string): Promise<CheckoutFacts>
    /** The store that something lies in; 404 where there is no such thing. */
    holding(kind: Held, id: string): Promise<string>
    /** The store that is meant where none is named; 409 while there is none. */
    first(): Promise<string>
  }
  /** Who works in a store, and as what. */
  readonly members: {
    list(storeId: string): Promise<readonly Member[]>
    get(storeId: string, userId: string): Promise<Member>
    /** 422 for an address that no user has, 409 for one that is a member. */
    add(storeId: string, input: { email: string; role: Role }): Promise<Member>
    /** 409 where it would leave the store without an owner. */
    change(storeId: string, userId: string, role: Role): Promise<Member>
    /** 409 for the last owner. */
    remove(storeId: string, userId: string): Promise<void>
  }
  readonly products: {
    list(filter: {
      /** Of these stores alone, hidden ones too, with their metadata; absent: what is for sale, of every store. */
      desk?: Stores | undefined
      storeId?: string | undefined
      search?: string | undefined
      category?: string | undefined
      /** These alone. */
      ids?: readonly string[] | undefined
      /** Default: the newest first. A cursor of one sorting is none of another. */
      sort?: ProductSort | undefined
      /** What must be noted about it, each `namespace.key:value`. */
      metadata?: readonly string[] | undefined
      cursor?: string | undefined
      limit: number
    }): Promise<Page<Product>>
    categories(storeId?: string): Promise<readonly string[]>
    /** 404 for a hidden product, unless it is of one of these stores; there it has its metadata, too. */
    get(id: string, desk?: Stores): Promise<Product>
    create(input: ProductInput): Promise<Product>
    /** `noted` is what a plugin notes about each of them. */
    createMany(
      inputs: readonly ProductInput[],
      noted?: { readonly namespace: string; readonly value: Readonly<Record<string, unknown>> },
    ): Promise<readonly string[]>
    update(id: string, change: Partial<ProductInput>): Promise<Product>
    remove(id: string): Promise<void>
    /** PNG, JPEG, WebP, GIF, told by content; at most 5,000,000 bytes; 422 otherwise. */
    setImage(id: string, bytes: Uint8Array): Promise<Product>
    removeImage(id: string): Promise<Product>
  }
  readonly metadata: {
    /** Keys that plugins note something under. */
    readonly keys: readonly MetadataKey[]
  }
  readonly files: {
    /** Null where there is none. */
    read(id: string): Promise<{ bytes: Uint8Array; contentType: string } | null>
  }
  readonly carts: {
    create(storeId?: string): Promise<Cart>
    get(id: string): Promise<Cart>
    /** Notes what plugins take from buyers. 422 with each key that is not theirs to write, or whose value does not fit. */
    update(id: string, change: { metadata: CartNotes }): Promise<Cart>
    /** Quantity 0 takes the item out. 409 where stock does not suffice. */
    setItem(id: string, productId: string, quantity: number): Promise<Cart>
    /** Makes the invoice and reserves stock in one transaction, and empties the cart; what is noted about it goes to the invoice. Asked once more under its key, it gives the invoice as it is by then. */
    checkout(
      id: string,
      input: {
        /** Absent or empty where the store takes orders without one. */
        email?: string | undefined
        method?: string | undefined
      },
    ): Promise<Invoice>
  }
  readonly invoices: {
    list(filter: {
      in: Stores
      storeId?: string | undefined
      status?: string | undefined
      search?: string | undefined
      /** These alone. */
      ids?: readonly string[] | undefined
      /** Default: the newest first. A cursor of one sorting is none of another. */
      sort?: InvoiceSort | undefined
      /** What must be noted about it, each `namespace.key:value`. */
      metadata?: readonly string[] | undefined
      cursor?: string | undefined
      limit: number
    }): Promise<Page<Invoice>>
    /** With its metadata where it is of one of these stores. */
    get(id: string, desk?: Stores): Promise<Invoice>
    /** Changes what the merchant notes about it: nothing else of an invoice is anybody's to change. */
    update(id: string, change: { metadata?: MetadataInput | undefined }): Promise<Invoice>
    /** Says how a pending invoice will be paid, and makes the request; the same one again where it was made before. 409 where the method fails. */
    choosePayment(id: string, method: string): Promise<Invoice>
    /**
     * Records what is missing as one payment by hand, which goes on to confirmed and complete; what came too late is taken with it.
     * 409 where the machine has no such step, or what the invoice gave back is sold by now.
     */
    markPaid(id: string): Promise<Invoice>
    invalidate(id: string): Promise<Invoice>
    refund(id: string): Promise<Invoice>
    /** Calls at each change of an invoice, made in whatever process, and where one may have been missed; gives what ends it. */
    watch(id: string, changed: () => void): Promise<() => void>
    /** Expires what is due; gives how many. */
    expireDue(): Promise<number>
    /** Looks for payments wherever a look is due; gives the seconds to the next one, undefined where nothing is open. */
    lookForPayments(signal?: AbortSignal): Promise<number | undefined>
  }
  /** How each store is paid. */
  readonly paymentAccounts: {
    /** What buyers of a store may choose; of the first store where none is named. */
    offered(storeId?: string): Promise<readonly PaymentChoice[]>
    list(storeId: string): Promise<readonly PaymentAccount[]>
    /** What an account leads to; stores nothing. 422 with every field that does not fit. */
    preview(
      storeId: string,
      method: string,
      values: Readonly<Record<string, unknown>>,
    ): Promise<readonly PreviewRow[]>
    /** Secrets that are not given stay as they are. 422 as for `preview`; 409 for a method switched on without its account. */
    set(
      storeId: string,
      method: string,
      change: {
        values?: Readonly<Record<string, unknown>> | undefined
        isEnabled?: boolean | undefined
      },
    ): Promise<readonly PaymentAccount[]>
  }
  /** What currencies cost in others, by the providers of plugins. */
  readonly rates: {
    /** What each provider says now, in the order they are asked; the first that can be believed is. */
    answers(base: string, quote: string): Promise<readonly RateAnswer[]>
  }
  /** Which addresses are told of what happens in a store. */
  readonly webhooks: {
    /** Names of the events there are. */
    readonly events: readonly string[]
    list(storeId: string, metadata?: readonly string[]): Promise<readonly Webhook[]>
    /** `secret` is shown once. 422 for an address that is private, or no web address. */
    create(
      storeId: string,
      input: {
        url: string
        events: readonly string[]
        metadata?: MetadataInput | undefined
      },
    ): Promise<Webhook & { secret: string }>
    update(
      id: string,
      change: {
        url?: string | undefined
        events?: readonly string[] | undefined
        isEnabled?: boolean | undefined
        metadata?: MetadataInput | undefined
      },
    ): Promise<Webhook>
    remove(id: string): Promise<void>
    /** Newest first; 30 days are kept. */
    deliveries(
      id: string,
      filter: { cursor?: string | undefined; limit: number },
    ): Promise<Page<WebhookDelivery>>
    /** Sends the same message again, as a delivery of its own. */
    redeliver(deliveryId: string): Promise<WebhookDelivery>
  }
  /** Who is told of what happens in a store. */
  readonly notices: {
    /** Names of the events that staff and buyers can be told of. */
    readonly events: { readonly [K in keyof NoticeEvents]: readonly string[] }
    channels(): readonly NoticeChannel[]
    list(storeId: string, metadata?: readonly string[]): Promise<readonly NoticeRule[]>
    /** `values` say where it goes, and are stored encrypted; a buyer is told where the invoice says. 422 with every field that does not fit. */
    create(
      storeId: string,
      input: {
        channel: string
        audience: NoticeRule['audience']
        values?: Readonly<Record<string, unknown>> | undefined
        events: readonly string[]
        metadata?: MetadataInput | undefined
      },
    ): Promise<NoticeRule>
    /** Secrets that are not given stay as they are. */
    update(
      id: string,
      change: {
        values?: Readonly<Record<string, unknown>> | undefined
        events?: readonly string[] | undefined
        isEnabled?: boolean | undefined
        metadata?: MetadataInput | undefined
      },
    ): Promise<NoticeRule>
    remove(id: string): Promise<void>
    /** Sends one message now, and waits for it; `ruleId` names the rule whose secrets are used. 409 with what the channel said where it fails. */
    test(
      storeId: string,
      input: {
        channel: string
        values: Readonly<Record<string, unknown>>
        ruleId?: string | undefined
      },
    ): Promise<void>
    /** Newest first; 30 days are kept. */
    messages(
      ruleId: string,
      filter: { cursor?: string | undefined; limit: number },
    ): Promise<Page<NoticeMessage>>
    /** Sends the same message again. */
    resend(messageId: string): Promise<NoticeMessage>
  }
  /** What core and plugins say to people, by store. */
  readonly texts: {
    list(storeId: string): Promise<readonly StoreText[]>
    /** What a template says of sample data. 422 with each line that cannot be used. */
    preview(
      storeId: string,
      plugin: string,
      name: string,
      text: string,
    ): Promise<{ subject: string | null; text: string }>
    /** Null goes back to the operator's text, or the shipped one. 422 as for `preview`. */
    set(
      storeId: string,
      plugin: string,
      name: string,
      text: string | null,
    ): Promise<readonly StoreText[]>
  }
  /** Who changed what. */
  readonly audit: {
    /** Newest first; a year is kept. */
    list(filter: {
      search?: string | undefined
      cursor?: string | undefined
      limit: number
    }): Promise<Page<AuditEntry>>
  }
  /** What is queued, runs, failed or was done in the last week. */
  readonly jobs: {
    /** Newest first. */
    list(filter: {
      state?: JobState | undefined
      plugin?: string | undefined
      cursor?: string | undefined
      limit: number
    }): Promise<Page<Job>>
    counts(): Promise<JobCounts>
    /** By plugin and name. */
    schedules(): Promise<readonly JobSchedule[]>
    /** Tries a parked one once more, at once. 404 where it is gone, 409 where it is not parked. */
    runAgain(id: string): Promise<Job>
    /** Tries all that are parked under one name once more; gives how many there were. */
    runAllAgain(of: Omit<ParkedJobs, 'count'>): Promise<number>
    /** Forgets a parked one. 404 and 409 as for `runAgain`. */
    remove(id: string): Promise<void>
  }
  /** Of these stores; its currency is that of the first. */
  dashboard(stores: Stores): Promise<Dashboard>
  readonly settings: {
    list(): Promise<readonly SettingRow[]>
    /** Null puts it back to env, selection or default. 422 with the rule where the value does not fit. */
    set(plugin: string, key: string, value: unknown): Promise<readonly SettingRow[]>
    /** admin over env over selection over default. */
    of(plugin: string): Promise<Readonly<Record<string, unknown>>>
    /** Those that each store may have for itself, as one has them; 404 where there is no such store. */
    listOfStore(storeId: string): Promise<readonly SettingRow[]>
    /** As `set`, for one store; null goes back to what holds for all. 404 for a setting of another scope. */
    setOfStore(
      storeId: string,
      plugin: string,
      key: string,
      value: unknown,
    ): Promise<readonly SettingRow[]>
    /** The store's own value over that of `of`; those of other scopes as `of` has them. */
    ofStore(plugin: string, storeId: string): Promise<Readonly<Record<string, unknown>>>
    listOfUser(userId: string): Promise<readonly SettingRow[]>
    setOfUser(
      userId: string,
      plugin: string,
      key: string,
      value: unknown,
    ): Promise<readonly SettingRow[]>
    ofUser(plugin: string, userId: string): Promise<Readonly<Record<string, unknown>>>
  }
  /**
   * Runs one request. Its first transaction writes the change down, so that both are there or neither; a change without a
   * transaction is written down after it. Under a key, what that transaction gives is given once: the second time it throws
   * `Answered` of `asked.ts` with it, and 422 where the fingerprint is another. A day is kept.
   */
  asked<T>(asked: Asked, run: () => Promise<T>): Promise<T>
  /** The context a plugin's handlers get; `settings` are read at this moment. */
  contextFor(plugin: string): Promise<Context<PluginTypes>>
  readonly queue: {
    /** Starts delivering jobs, schedules and events to handlers, core's own included; only the worker calls it. */
    work(handlers: {
      readonly jobs: readonly {
        readonly plugin: string
        readonly job: AnyJob
        readonly every?: string
      }[]
      readonly listeners: readonly { readonly plugin: string; readonly listener: AnyListener }[]
    }): Promise<void>
    /** Waits until nothing is queued or running; for tests and shutdown. */
    drain(): Promise<void>
  }
  /** A secret key of 32 bytes for one purpose, the same in every process of this instance: for signed cookies. */
  keyFor(purpose: string): Uint8Array
  /** Rows for /health/ready: each part, and whether it answers. */
  health(): Promise<Readonly<Record<string, boolean>>>
  close(): Promise<void>
}
