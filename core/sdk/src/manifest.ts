import { Type, type Static, type TSchema } from 'typebox'

export { choicesOf } from './choices.ts'
export { corePermissions, type CorePermission } from './permissions.ts'

/**
 * The manifest schema: `plugin.yaml`, data only. Each schema is JSON Schema as it stands; an unknown key is a problem.
 *
 * `plugin.schema.json` beside `src/` says the same to editors and to compose, which thereby do without TypeBox.
 */

const strict = { additionalProperties: false } as const
const Text = Type.String({ minLength: 1, maxLength: 500 })
const File = Type.String({
  pattern: '^\\./[^\\\\:*?"<>|]+$',
  description: 'a file of the plugin, from ./',
})
const Range = Type.String({ minLength: 1, maxLength: 100 })
const Name = Type.String({ pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 40 })
/** `core` is what the ledger, settings and permissions call core itself; `merchant` is whose own metadata is. */
const PluginName = Type.String({
  pattern: '^(?!(core|merchant)$)[a-z][a-z0-9]*(-[a-z0-9]+)*$',
  maxLength: 40,
  description: 'a name like gift-cards, and neither core nor merchant',
})
const PermissionName = Type.String({ pattern: '^[a-z][a-z0-9-]*\\.[a-z][a-zA-Z0-9-]*$' })
const Cron = Type.String({ pattern: '^\\S+ \\S+ \\S+ \\S+ \\S+$' })
const JsonSchema = Type.Record(Type.String(), Type.Unknown())
const Optional = <T extends TSchema>(schema: T) => Type.Optional(schema)

/** Records that metadata can be noted about. */
export const metadataNouns = [
  'store',
  'product',
  'cart',
  'invoice',
  'user',
  'webhook',
  'notice',
] as const
export type MetadataNoun = (typeof metadataNouns)[number]
const MetadataKey = Type.String({
  pattern: '^[a-z][a-zA-Z0-9]{0,63}$',
  description: 'a key like importedFrom',
})
/** Key → JSON Schema of its value; `title` is what people read. */
const MetadataKeys = Type.Record(MetadataKey, JsonSchema)
/** Of a cart: with `openTo: buyers` whoever holds the cart writes and sees it as well. */
const CartKeys = Type.Record(
  MetadataKey,
  Type.Object({ openTo: Optional(Type.Literal('buyers')) }, { additionalProperties: true }),
)

export const SlotMode = Type.Union([
  Type.Literal('append'),
  Type.Literal('prepend'),
  Type.Literal('wrap'),
  Type.Literal('replace'),
])
export type SlotMode = Static<typeof SlotMode>

export const SettingDeclaration = Type.Object(
  {
    type: Type.Union([
      Type.Literal('string'),
      Type.Literal('integer'),
      Type.Literal('number'),
      Type.Literal('boolean'),
    ]),
    title: Text,
    description: Optional(Text),
    default: Optional(Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
    /** What it may be; `value: title` where people shall read a title. */
    enum: Optional(
      Type.Union([
        Type.Array(Type.String(), { minItems: 1 }),
        Type.Record(Type.String(), Text, { minProperties: 1 }),
      ]),
    ),
    minimum: Optional(Type.Number()),
    maximum: Optional(Type.Number()),
    minLength: Optional(Type.Integer()),
    maxLength: Optional(Type.Integer()),
    pattern: Optional(Type.String()),
    /** Of a text: a colour such as `#0f766e`, or one of several lines; its form is made for that. */
    format: Optional(Type.Union([Type.Literal('color'), Type.Literal('lines')])),
    required: Optional(Type.Boolean()),
    secret: Optional(Type.Boolean()),
    scope: Optional(
      Type.Union([Type.Literal('global'), Type.Literal('store'), Type.Literal('user')]),
    ),
  },
  strict,
)
export type SettingDeclaration = Static<typeof SettingDeclaration>

const PageEntry = Type.Object(
  {
    path: Type.String({ pattern: '^/[a-z0-9/-]*$' }),
    title: Text,
    icon: Optional(Name),
    component: File,
    permission: Optional(PermissionName),
  },
  strict,
)
/** What others can name, and the file that gives it. */
const NamedEntry = Type.Object({ name: Name, title: Text, run: File }, strict)
const FillEntry = Type.Object(
  {
    slot: Type.String({ minLength: 1 }),
    component: File,
    mode: Optional(SlotMode),
    order: Optional(Type.Integer()),
    permission: Optional(PermissionName),
    optional: Optional(Type.Boolean()),
  },
  strict,
)

const Expose = Type.Object(
  {
    path: Type.String({ pattern: '^/[a-z0-9][a-z0-9/-]*$' }),
    port: Type.Integer({ minimum: 1, maximum: 65535 }),
    stripPrefix: Optional(Type.Boolean()),
    auth: Optional(
      // Whoever may use the admin, or everybody.
      Type.Union([Type.Literal('admin'), Type.Literal('public')]),
    ),
  },
  strict,
)
/** What becomes of two values at a path that a plugin opened to others. */
const OpenRule = Type.Union([
  // Both must be equal; of a mapping, key by key.
  Type.Literal('same'),
  Type.Literal('union'),
  // Texts, with a comma between them; or a line each.
  Type.Literal('join'),
  Type.Literal('join-lines'),
  Type.Literal('max'),
  Type.Literal('min'),
])
export type OpenRule = Static<typeof OpenRule>
const Opens = Type.Record(
  Type.String({
    pattern:
      '^(environment|labels|networks|volumes|secrets|depends_on|expose|tmpfs|command|deploy\\.resources\\.limits\\.(memory|cpus))(\\..+)?$',
    description: 'a path like environment or environment.PLUGINS',
  }),
  OpenRule,
)
/**
 * `services: ./services/docker-compose.yml` is short for `{ fragment: … }`. An `entry` is a Node program run in the
 * distribution's own image; `needs` what core gives once to all who ask; `opens` the paths of a service that others may add
 * to; `patches` the services of others, by their full name, that the fragment adds to.
 */
const Services = Type.Union([
  File,
  Type.Object(
    {
      fragment: File,
      entry: Optional(Type.Record(Name, File)),
      expose: Optional(Type.Record(Name, Expose)),
      needs: Optional(Type.Record(Name, Range)),
      opens: Optional(Type.Record(Name, Opens)),
      patches: Optional(
        Type.Record(Name, Type.Union([Type.Literal('required'), Type.Literal('optional')])),
      ),
    },
    strict,
  ),
])

export const Contributes = Type.Object(
  {
    'api.routes': Optional(File),
    'worker.jobs': Optional(
      Type.Array(
        Type.Object(
          { name: Name, run: File, every: Optional(Cron), payload: Optional(JsonSchema) },
          strict,
        ),
      ),
    ),
    'worker.events': Optional(
      Type.Array(
        Type.Object(
          {
            event: Type.String({ pattern: '^[a-z][a-z0-9-]*\\.[a-z][a-zA-Z0-9-]*$' }),
            run: File,
            optional: Optional(Type.Boolean()),
          },
          strict,
        ),
      ),
    ),
    'payment.methods': Optional(
      Type.Array(
        Type.Object(
          { name: Name, title: Text, run: File, checkout: Optional(File), account: Optional(File) },
          strict,
        ),
      ),
    ),
    'rates.providers': Optional(Type.Array(NamedEntry)),
    'notify.channels': Optional(Type.Array(NamedEntry)),
    commands: Optional(Type.Array(NamedEntry)),
    'api.hooks': Optional(
      Type.Array(
        Type.Object({ hook: Type.String({ pattern: '^[a-z]+\\.[a-z]+$' }), run: File }, strict),
      ),
    ),
    'admin.pages': Optional(Type.Array(PageEntry)),
    'admin.slots': Optional(Type.Array(FillEntry)),
    'store.pages': Optional(Type.Array(PageEntry)),
    'store.slots': Optional(Type.Array(FillEntry)),
    templates: Optional(
      Type.Array(
        Type.Object(
          { name: Name, title: Optional(Text), file: File, variables: Optional(JsonSchema) },
          strict,
        ),
      ),
    ),
    /** Texts of pages in another language; `of`: whose they are, `core` or a plugin. Default: this plugin's own. */
    locales: Optional(
      Type.Array(
        Type.Object(
          { language: Type.String({ maxLength: 35 }), of: Optional(Name), file: File },
          strict,
        ),
      ),
    ),
    migrations: Optional(File),
    services: Optional(Services),
  },
  strict,
)
export type Contributes = Static<typeof Contributes>

export const Manifest = Type.Object(
  {
    name: PluginName,
    version: Type.String({ minLength: 5, maxLength: 100 }),
    title: Text,
    description: Text,
    author: Text,
    license: Text,
    website: Optional(Text),
    requires: Type.Object(
      {
        bitcartcc: Range,
        postgres: Optional(Range),
        node: Optional(Range),
        plugins: Optional(Type.Record(Name, Range)),
        optional: Optional(Type.Record(Name, Range)),
        conflicts: Optional(Type.Record(Name, Range)),
      },
      strict,
    ),
    provides: Optional(Type.Array(Name)),
    exclusive: Optional(Type.Array(Name)),
    contributes: Contributes,
    emits: Optional(Type.Record(Type.String({ pattern: '^[a-z][a-zA-Z0-9-]*$' }), JsonSchema)),
    permissions: Optional(Type.Record(PermissionName, Text)),
    /** What it notes about records of core: noun → key → JSON Schema. */
    metadata: Optional(
      Type.Object(
        {
          store: Optional(MetadataKeys),
          product: Optional(MetadataKeys),
          cart: Optional(CartKeys),
          invoice: Optional(MetadataKeys),
          user: Optional(MetadataKeys),
          webhook: Optional(MetadataKeys),
          notice: Optional(MetadataKeys),
        },
        strict,
      ),
    ),
    settings: Optional(
      Type.Record(Type.String({ pattern: '^[a-z][a-zA-Z0-9]*$' }), SettingDeclaration),
    ),
    /** Columns that others' foreign keys may point at, `table: [column]`. */
    references: Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
    /** Tables and views that may be read by the SQL and the code of plugins that require this one. */
    publishes: Optional(
      Type.Array(
        Type.String({
          pattern: '^[a-z_][a-z0-9_]*$',
          description: 'the name of a table or view, without a schema',
        }),
        { uniqueItems: true },
      ),
    ),
  },
  strict,
)
export type Manifest = Static<typeof Manifest>

/**
 * What versions are chosen by, as a package.json repeats it under `bitcartcc`: a registry gives every package.json of a
 * package at once, so that no package is fetched to be looked at.
 */
export const ListedFacts = Type.Object(
  {
    name: Manifest.properties.name,
    requires: Manifest.properties.requires,
    provides: Manifest.properties.provides,
    exclusive: Manifest.properties.exclusive,
  },
  strict,
)
export type ListedFacts = Static<typeof ListedFacts>
