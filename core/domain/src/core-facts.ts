import { corePermissions } from '@bitcartcc/sdk/names'
import type { PluginFacts } from '@bitcartcc/sdk/wiring'
import { coreTemplates } from './core-templates.ts'

/** Core's own settings and jobs, declared as a plugin declares its. */
export const coreFacts = (version: string) =>
  ({
    name: 'core',
    version,
    title: 'BitcartCC',
    permissions: corePermissions,
    settings: {
      invoiceMinutes: {
        type: 'integer',
        title: 'Minutes an invoice waits for its payment',
        default: 1440,
        minimum: 1,
        maximum: 525_600,
        scope: 'store',
      },
      ordersPerMinute: {
        type: 'integer',
        title: 'Carts, orders, and choices of payment, each, that one address may make in a minute',
        description:
          'Counted in each process, which hears of a change within a second; 0 counts nothing. Beyond it a buyer is asked to wait.',
        default: 60,
        minimum: 0,
        maximum: 100_000,
      },
      manualInstructions: {
        type: 'string',
        title: 'How to pay by hand',
        description:
          'Shown to the buyer, such as the number of your account. {{amount}}, {{currency}} and {{number}} stand for the invoice’s own. Empty, buyers read in their language that the amount is to be sent to the shop.',
        default: '',
        maxLength: 2_000,
        format: 'lines',
        scope: 'store',
      },
      accentColor: {
        type: 'string',
        title: 'Colour of the store',
        description:
          'Of its buttons and links. Where it could not be read, the nearest lighter or darker one is taken.',
        format: 'color',
        scope: 'store',
      },
      appearance: {
        type: 'string',
        title: 'Light or dark',
        description: 'As buyers find the store; each may switch.',
        enum: { visitor: 'As the buyer’s own system is', light: 'Light', dark: 'Dark' },
        default: 'visitor',
        scope: 'store',
      },
      askEmail: {
        type: 'string',
        title: 'Whether buyers give their e-mail address',
        description:
          'Who gives none is told nothing by mail, and comes back by the invoice’s address.',
        enum: {
          required: 'They must give it',
          optional: 'They may give it',
          none: 'They are not asked',
        },
        default: 'required',
        scope: 'store',
      },
      thanks: {
        type: 'string',
        title: 'Thanks to who has paid',
        description: 'Shown on the invoice’s page once it is paid.',
        default: '',
        maxLength: 1_000,
        format: 'lines',
        scope: 'store',
      },
      rateSeconds: {
        type: 'integer',
        title: 'Seconds a rate is used before it is asked for again',
        default: 60,
        minimum: 0,
        maximum: 3_600,
      },
      rateLimitSeconds: {
        type: 'integer',
        title: 'Seconds after which a rate is too old to be used',
        description:
          'A way to pay that needs a rate cannot be chosen while there is only an older one.',
        default: 900,
        minimum: 60,
        maximum: 86_400,
      },
      underpaidPercent: {
        type: 'number',
        title: 'Percent of an invoice that may be missing',
        description:
          'Who pays less by no more than that has paid, and the invoice says how much is missing; 0 waits for all of it. It holds for invoices made from then on.',
        default: 0,
        minimum: 0,
        maximum: 50,
        scope: 'store',
      },
      lowStock: {
        type: 'integer',
        title: 'Pieces left at which stock is low',
        description:
          'Whoever wants to know is told when an order takes a product there, and when it is sold out.',
        default: 3,
        minimum: 0,
        maximum: 1_000_000,
        scope: 'store',
      },
      webhookSeconds: {
        type: 'integer',
        title: 'Seconds a webhook has to answer',
        default: 10,
        minimum: 1,
        maximum: 60,
      },
      webhooksReachPrivate: {
        type: 'boolean',
        title: 'Webhooks may reach private addresses',
        description:
          'This machine itself and its own network. Whoever may manage webhooks can then knock at every door in there.',
        default: false,
      },
    },
    templates: coreTemplates,
    jobs: {
      'deliver-webhook': { type: 'object' },
      'expire-invoices': { type: 'object' },
      'look-for-payments': { type: 'object' },
      'send-notice': { type: 'object' },
    },
    emits: {},
  }) as const satisfies PluginFacts
