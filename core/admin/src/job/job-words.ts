import type { JobState } from '@bitcartcc/sdk/resources'

/** What core's own jobs are called by people. */
const words: Readonly<Record<string, string>> = {
  'expire-invoices': 'Expire invoices and tidy up',
  'look-for-payments': 'Look for payments',
  'deliver-webhook': 'Deliver a webhook',
  'send-notice': 'Send a notice',
}
export const jobWords = ({ plugin, name }: { readonly plugin: string; readonly name: string }) =>
  (plugin === 'core' ? words[name] : undefined) ?? name

export const stateTones = {
  waiting: 'info',
  running: 'info',
  parked: 'bad',
  done: 'good',
} as const satisfies Record<JobState, string>
