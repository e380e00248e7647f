import type { MigrationPlan, MigrationStatement } from '@bitcartcc/domain/migration-plan'
import type { LocaleFacts, PluginFacts, Texts } from '@bitcartcc/sdk/wiring'
import type { Distribution } from '@bitcartcc/sdk/resources'
import type { SlotMode } from '@bitcartcc/sdk/manifest'
import type { LockedPlugin } from './lock.ts'
import type { Origin } from './origin.ts'
import type { Platform } from './platform.ts'

/** Everything decided, as one printable, comparable value. Lists are sorted; nothing in it depends on a clock, a folder or an order. */
export interface Plan {
  readonly name: string
  readonly core: string
  readonly plugins: readonly LockedPlugin[]
  /** One per plugin, sorted by name: goes into the wiring as data. */
  readonly facts: readonly PluginFacts[]
  readonly routes: readonly {
    readonly plugin: string
    readonly file: string
    /** `GET /products/:id`, read from the source without running it. */ readonly keys: readonly string[]
  }[]
  readonly jobs: readonly {
    readonly plugin: string
    readonly name: string
    readonly file: string
    readonly every?: string
  }[]
  readonly listeners: readonly {
    readonly plugin: string
    readonly event: string
    readonly file: string
  }[]
  readonly methods: readonly PlannedMethod[]
  readonly providers: readonly PlannedEntry[]
  readonly channels: readonly PlannedEntry[]
  readonly commands: readonly PlannedEntry[]
  readonly hooks: readonly {
    readonly plugin: string
    readonly hook: string
    readonly file: string
  }[]
  readonly pages: readonly PlannedPage[]
  readonly fills: readonly PlannedFill[]
  readonly locales: readonly PlannedLocale[]
  /** What an operator should know about it, a line each; no part of the product. */
  readonly notices: readonly string[]
  readonly migrations: MigrationPlan
  /** Rows to rehearse with, in the order of the migrations; no part of the product. */
  readonly samples: readonly SampleRows[]
  /** Rules that new migrations set aside, each with its reason. */
  readonly ignored: readonly IgnoredRule[]
  readonly services: readonly PlannedService[]
  /** The merged docker-compose document, plain data, keys sorted; and path → origin. */
  readonly compose: {
    readonly document: Readonly<Record<string, unknown>>
    readonly origins: Readonly<Record<string, Origin>>
    /** Files of plugins that its services read, sorted; they lie under `fragments/<plugin>/`. */
    readonly files: readonly PluginFile[]
  }
  /** What services of plugins may do past the shop, by grant; sorted by plugin. */
  readonly privileges: readonly { readonly plugin: string; readonly names: readonly string[] }[]
  /** Every variable an operator may set, sorted. */
  readonly env: readonly EnvVariable[]
  readonly deployment: Distribution['deployment'] & { readonly platforms?: readonly Platform[] }
  /** Plugin → setting → value given by the selection; never a secret. */
  readonly settings: Distribution['settings']
}
export interface IgnoredRule {
  /** `ratings 1.1.0` */
  readonly owner: string
  readonly place: string
  readonly rule: string
  readonly why: string
}
/** What `sample.sql` of one owner puts into its tables. */
export interface SampleRows {
  readonly plugin: string
  readonly schema: string
  readonly statements: readonly MigrationStatement[]
}
export interface PluginFile {
  readonly plugin: string
  /** Without `./`. */
  readonly file: string
}
export interface PlannedPage {
  readonly app: 'admin' | 'store'
  readonly plugin: string
  readonly path: string
  readonly title: string
  readonly icon?: string
  readonly permission?: string
  /** `./admin/RatingsPage.vue` */
  readonly file: string
}
export interface PlannedFill {
  readonly app: 'admin' | 'store'
  readonly plugin: string
  readonly slot: string
  readonly mode: SlotMode
  readonly order: number
  readonly permission?: string
  readonly file: string
}
/** What one app shows of an owner's texts in one language. */
export interface PlannedLocale extends LocaleFacts {
  readonly app: 'admin' | 'store'
  /** The plugins that bring them. */
  readonly from: readonly string[]
  readonly texts: Texts
}
/** What has a name, and the file that gives it. */
export interface PlannedEntry {
  readonly plugin: string
  readonly name: string
  readonly title: string
  /** `./payments/onchain.ts` */
  readonly file: string
}
export interface PlannedMethod extends PlannedEntry {
  /** Components of the store and of the admin. */
  readonly checkout?: string
  readonly account?: string
}
export interface PlannedService {
  readonly plugin: string
  /** As merged: `status-page`; a plugin's service `x` is named `<plugin>-<x>`, or `<plugin>` where both are the same word. */
  readonly name: string
  /** Its Node program, `./services/server.ts`; absent for a foreign image. */
  readonly entryFile?: string
  readonly path?: string
  readonly port?: number
  readonly stripPrefix: boolean
  readonly auth: 'admin' | 'public'
}
export interface EnvVariable {
  readonly name: string
  /** `core` or the plugin. */
  readonly owner: string
  readonly title: string
  readonly required: boolean
  readonly secret: boolean
  readonly default?: string
  /** What else it takes: type, range, choices. */
  readonly takes?: string
  /** The same for a JSON Schema of texts. */
  readonly shape?: {
    readonly enum?: readonly string[]
    readonly pattern?: string
    readonly minLength?: number
  }
  /** It can be made up, of so many characters. */
  readonly generated?: number
  /** Only docker-compose needs it. */
  readonly isForDocker?: boolean
}
