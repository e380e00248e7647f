import { english } from '@bitcartcc/sdk/vue'
import type { JobState } from '@bitcartcc/sdk/resources'
import { t } from '../app/texts.ts'

/** What core's own jobs are called by people. */
const words: Readonly<Record<string, string>> = {
  'expire-invoices': english('Expire invoices and tidy up'),
  'look-for-payments': english('Look for payments'),
  'deliver-webhook': english('Deliver a webhook'),
  'send-notice': english('Send a notice'),
}
export const jobWords = ({ plugin, name }: { readonly plugin: string; readonly name: string }) =>
  plugin === 'core' && words[name] !== undefined ? t(words[name]) : name

export const stateTones = {
  waiting: 'info',
  running: 'info',
  parked: 'bad',
  done: 'good',
} as const satisfies Record<JobState, string>
