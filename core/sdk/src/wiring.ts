import type { Component } from 'vue'
import type { AdminSlots, MethodSlots, StoreSlots } from './slots.ts'
import type {
  AnyCommand,
  AnyHook,
  AnyJob,
  AnyListener,
  AnyNotifyChannel,
  AnyPaymentMethod,
  AnyRateProvider,
  AnyRoutes,
} from './server.ts'
import type { OpenEmbedded } from './embedded.ts'
import type { MetadataNoun, SettingDeclaration, SlotMode } from './manifest.ts'
import type { Texts } from './texts.ts'

export type { Plural, Texts } from './texts.ts'

/** What core knows of a plugin at run time without loading its code. */
export interface PluginFacts {
  readonly name: string
  readonly version: string
  readonly title: string
  /** Permission → its title. */
  readonly permissions: Readonly<Record<string, string>>
  /** Setting → its declaration, camelCase names. */
  readonly settings: Readonly<Record<string, SettingDeclaration>>
  /** Template → its text and the JSON Schema of its variables. */
  readonly templates: Readonly<
    Record<
      string,
      {
        readonly text: string
        readonly variables: object
        /** For people; its name where there is none. */
        readonly title?: string
        /** A message: its first line is the subject. */
        readonly isMessage?: boolean
      }
    >
  >
  /** Job → JSON Schema of its payload. */
  readonly jobs: Readonly<Record<string, object>>
  /** Event (without the plugin's name) → JSON Schema of its payload. */
  readonly emits: Readonly<Record<string, object>>
  /** Noun → key → JSON Schema of what it notes about such a record. */
  readonly metadata?: {
    readonly [N in MetadataNoun]?: Readonly<Record<string, object>>
  }
}

export interface ApiWiring {
  readonly routes: readonly { readonly plugin: string; readonly routes: AnyRoutes }[]
}

export interface WorkerWiring {
  readonly jobs: readonly {
    readonly plugin: string
    readonly job: AnyJob
    /** Five fields of cron, UTC. */ readonly every?: string
  }[]
  readonly listeners: readonly { readonly plugin: string; readonly listener: AnyListener }[]
}

export interface PaymentWiring {
  readonly methods: readonly {
    readonly plugin: string
    /** As the manifest has it; `fullNameOf` makes the name it has in the distribution. */
    readonly name: string
    readonly title: string
    readonly method: AnyPaymentMethod
  }[]
}

export interface RatesWiring {
  /** In the order they are asked: plugins by name, each one's own as its manifest has them. */
  readonly providers: readonly {
    readonly plugin: string
    readonly name: string
    readonly title: string
    readonly provider: AnyRateProvider
  }[]
}

export interface NotifyWiring {
  readonly channels: readonly {
    readonly plugin: string
    /** As the manifest has it; `fullNameOf` makes the name it has in the distribution. */
    readonly name: string
    readonly title: string
    readonly channel: AnyNotifyChannel
  }[]
}

export interface CommandsWiring {
  readonly commands: readonly {
    readonly plugin: string
    readonly name: string
    readonly title: string
    readonly command: AnyCommand
  }[]
}

export interface HooksWiring {
  /** In the order they run: plugins by name, each one's own as its manifest has them. */
  readonly hooks: readonly { readonly plugin: string; readonly hook: AnyHook }[]
}

/** All a server program is made of beyond core. Plugins are sorted by name. */
export interface ServerWiring {
  readonly plugins: readonly PluginFacts[]
  readonly api: ApiWiring
  readonly worker: WorkerWiring
  readonly payments: PaymentWiring
  readonly rates: RatesWiring
  readonly notify: NotifyWiring
  readonly commands: CommandsWiring
  readonly hooks: HooksWiring
  /** The embedded database; absent where the selection says `database: postgres`. */
  readonly embedded?: () => Promise<{ readonly openEmbedded: OpenEmbedded }>
}

interface FromPlugin {
  readonly plugin: string
  readonly permission?: string
}
type Load = () => Promise<{ default: Component }>

export interface PageFacts extends FromPlugin {
  /** Admin: under /admin/plugins/<plugin>; store: under /p/<plugin>. As written in the manifest, `/ratings`. */
  readonly path: string
  readonly title: string
  readonly icon?: string
}
export interface Page extends PageFacts {
  readonly load: Load
}
export interface FillFacts extends FromPlugin {
  readonly mode: SlotMode
  readonly order: number
}
export interface Fill<Slot extends string = string> extends FillFacts {
  readonly slot: Slot
  readonly load: Load
}

/** Texts in one language. */
export interface LocaleFacts {
  /** BCP 47, `de`. */
  readonly language: string
  /** Whose texts they are: `core` or a plugin. */
  readonly owner: string
}
export interface Locale extends LocaleFacts {
  readonly load: () => Promise<{ readonly default: Texts }>
}

export interface AdminWiring {
  readonly pages: readonly Page[]
  readonly fills: readonly Fill<keyof AdminSlots>[]
  /** Forms of payment methods; `slot` is the method's name. */
  readonly accounts: readonly Fill[]
  readonly locales: readonly Locale[]
}
export interface StoreWiring {
  readonly pages: readonly Page[]
  readonly fills: readonly Fill<keyof StoreSlots>[]
  /** Checkouts of payment methods; `slot` is the method's name. */
  readonly checkouts: readonly Fill[]
  readonly locales: readonly Locale[]
}

type PropsOf<C> = C extends new (...args: never[]) => { $props: infer P }
  ? P
  : C extends (props: infer P, ...rest: never[]) => unknown
    ? P
    : Record<never, never>
type Required_<P> = { [K in keyof P as Record<never, never> extends Pick<P, K> ? never : K]: P[K] }
type Lacks<SlotProps, C> = {
  [K in keyof Required_<PropsOf<C>>]: K extends keyof SlotProps
    ? SlotProps[K] extends PropsOf<C>[K & keyof PropsOf<C>]
      ? never
      : K
    : K
}[keyof Required_<PropsOf<C>>]

/** Stands in the compiler's message where a component asks for a prop that its slot does not give. */
export interface SlotLacksProp<Slot extends string, Prop> {
  readonly slotLacksProp: [Slot, Prop]
}
type Fits<Slots, K extends keyof Slots & string, C> = [Lacks<Slots[K], C>] extends [never]
  ? C
  : SlotLacksProp<K, Lacks<Slots[K], C>>

/** Puts a component into a slot of the admin; a component that needs what the slot does not give is a type error. */
export function adminFill<K extends keyof AdminSlots, C>(
  slot: K,
  facts: FillFacts,
  load: () => Promise<{ default: C & Fits<AdminSlots, K, C> }>,
): Fill<K> {
  return { slot, ...facts, load: load as Load } // checked by Fits above
}

/** Puts a component into a slot of the store; a component that needs what the slot does not give is a type error. */
export function storeFill<K extends keyof StoreSlots, C>(
  slot: K,
  facts: FillFacts,
  load: () => Promise<{ default: C & Fits<StoreSlots, K, C> }>,
): Fill<K> {
  return { slot, ...facts, load: load as Load } // checked by Fits above
}

/** Gives the component that shows how to pay by one method. */
export function methodCheckout<C>(
  plugin: string,
  method: string,
  load: () => Promise<{ default: C & Fits<MethodSlots, 'checkout', C> }>,
): Fill {
  return { slot: method, plugin, mode: 'replace', order: 0, load: load as Load } // checked by Fits above
}

/** Gives the component with the form of a method's account. */
export function methodAccount<C>(
  plugin: string,
  method: string,
  load: () => Promise<{ default: C & Fits<MethodSlots, 'account', C> }>,
): Fill {
  return { slot: method, plugin, mode: 'replace', order: 0, load: load as Load } // checked by Fits above
}

/** A page of an app; its component takes no props. */
export function page(facts: PageFacts, load: Load): Page {
  return { ...facts, load }
}
