import { WebhookMessage } from '@bitcartcc/sdk/resources'
import { coreEventNames } from '@bitcartcc/sdk/names'

const headers = [
  ['bitcartcc-event', 'The event, as in the body.'],
  ['bitcartcc-delivery', 'The delivery; a redelivery has one of its own.'],
  [
    'bitcartcc-signature',
    'Text `t=…,v1=…`: t is when it was sent, in seconds since 1970; v1 is the HMAC-SHA256 of t, a point and the body as it came, keyed with the secret of the webhook, in hexadecimal. Compare in constant time, and refuse a t older than five minutes.',
  ],
] as const

/** What a distribution posts to webhooks, for the document: one entry an event. */
export const describeWebhooks = (): Readonly<Record<string, object>> =>
  Object.fromEntries(
    coreEventNames.map((event) => [
      event,
      {
        post: {
          tags: ['core'],
          summary: `Sent when ${event} happens`,
          description:
            'An answer from 200 to 299 takes it. All else, and none in time, is tried 8 times within 18 hours. It may come twice, and in another order than it happened.',
          parameters: headers.map(([name, description]) => ({
            name,
            in: 'header',
            required: true,
            description,
            schema: { type: 'string' },
          })),
          requestBody: {
            required: true,
            content: { 'application/json': { schema: WebhookMessage } },
          },
          responses: { '2XX': { description: 'It was taken' } },
        },
      },
    ]),
  )
