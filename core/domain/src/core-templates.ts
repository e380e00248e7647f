import type { PluginFacts } from '@bitcartcc/sdk/wiring'

const text = (title: string, ...examples: readonly [string, ...string[]]) => ({
  type: 'string',
  title,
  examples: [...examples],
})

const ofInvoice = {
  type: 'object',
  properties: {
    store: text('Name of the store', 'Corner shop'),
    number: { type: 'integer', examples: [1042] },
    what: text('What happened to the invoice', 'is paid'),
    amount: text('What it costs', '91.00'),
    paid: text('What came in', '91.00'),
    currency: text('Currency of both', 'USD'),
    buyer: text('E-mail address of the buyer', 'buyer@example.com'),
    method: text('How it is paid', 'Bitcoin'),
    items: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: text('Name of the product', 'Stoneware mug', 'Walnut board'),
          quantity: { type: 'integer', examples: [2, 1] },
          price: text('Price of one', '21.50', '48.00'),
          total: text('Price of all', '43.00', '48.00'),
        },
      },
    },
  },
}
const items = `{{#each items}}
{{quantity}} × {{name}}: {{total}} {{../currency}}
{{/each}}
Total: {{amount}} {{currency}}`

/** What core says to people, by its own templates: a store may have words of its own for each. */
export const coreTemplates = {
  'invoice-notice': {
    title: 'To the merchant, about an invoice',
    isMessage: true,
    text: `Invoice {{number}} {{what}}: {{amount}} {{currency}}
Invoice {{number}} of {{store}} {{what}}.

${items}
Received: {{paid}} {{currency}}
Payment: {{method}}
Buyer: {{buyer}}
`,
    variables: ofInvoice,
  },
  'stock-notice': {
    title: 'To the merchant, when stock is low',
    isMessage: true,
    text: `{{product}}: {{#if stock}}only {{stock}} left{{else}}sold out{{/if}}
{{#if stock}}
{{store}} has {{stock}} of {{product}} left.
{{else}}
{{product}} is sold out in {{store}}.
{{/if}}
`,
    variables: {
      type: 'object',
      properties: {
        store: text('Name of the store', 'Corner shop'),
        product: text('Name of the product', 'Stoneware mug'),
        stock: { type: 'integer', examples: [2] },
      },
    },
  },
  receipt: {
    title: 'To the buyer, about their order',
    isMessage: true,
    text: `Your order {{number}} at {{store}} {{what}}
Thank you for your order at {{store}}.

Order {{number}} {{what}}.

${items}
Payment: {{method}}
`,
    variables: ofInvoice,
  },
} as const satisfies PluginFacts['templates']

export type MessageName = keyof typeof coreTemplates
