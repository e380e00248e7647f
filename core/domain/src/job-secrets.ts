import type { PluginFacts } from '@bitcartcc/sdk/wiring'
import type { Delivery } from './jobs.ts'

/** Takes out of a text what nobody may read. */
export type Hide = (text: string) => string

/** What stands for a secret. */
const hidden = '•••'
const mostText = 500
const mostPayload = 10_000

/** Hides the values of a plugin's secret settings, wherever they stand. */
export function hiding(
  facts: PluginFacts | undefined,
  settings: Readonly<Record<string, unknown>>,
): Hide {
  const secrets = Object.entries(facts?.settings ?? {}).flatMap(([name, { secret }]) => {
    const value = settings[name]
    return secret && typeof value === 'string' && value.length > 3 ? [value] : []
  })
  return (text) => secrets.reduce((left, secret) => left.replaceAll(secret, hidden), text)
}

/** A payload for people, as JSON: without what its schema calls `writeOnly`, nor what is named as secrets are; long texts are cut. */
export function payloadText({ payload }: Delivery, schema: object | undefined, hide: Hide): string {
  const text = JSON.stringify(shown(payload, schema, hide), null, 2) ?? ''
  return text.length > mostPayload ? `${text.slice(0, mostPayload)}…` : text
}

const isNamedSecret = (name: string) =>
  /secret|passw|passphrase|token|authorization|cookie|mnemonic|credential|private|api_?key/i.test(
    name,
  )

interface Schema {
  readonly writeOnly?: boolean
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
}

function shown(value: unknown, schema: Schema | undefined, hide: Hide): unknown {
  if (schema?.writeOnly) return hidden
  if (typeof value === 'string') {
    const text = hide(value)
    return text.length > mostText ? `${text.slice(0, mostText)}…` : text
  }
  if (Array.isArray(value)) return value.map((each) => shown(each, schema?.items, hide))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      isNamedSecret(name) ? hidden : shown(each, schema?.properties?.[name], hide),
    ]),
  )
}
