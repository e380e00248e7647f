import * as Schema from 'typebox/schema'
import type { CartNotes, Metadata } from '@bitcartcc/sdk/resources'
import type { PluginFacts } from '@bitcartcc/sdk/wiring'
import { unfit } from './refusals.ts'
import { schemaRule } from './schema-words.ts'

/** What buyers may note about their carts: keys of plugins with `openTo: buyers`, and no other. */
export interface CartNotesRules {
  /** 422 with each key that is not open, or whose value does not fit its declaration. */
  check(notes: CartNotes): void
  /** What of all that is noted about a cart its buyer sees. */
  openOf(noted: Metadata): Metadata
}

export function cartNotesRules(facts: ReadonlyMap<string, PluginFacts>): CartNotesRules {
  const schemaOf = (plugin: string, key: string): object | undefined => {
    const keys = facts.get(plugin)?.metadata?.cart ?? {}
    const schema = Object.hasOwn(keys, key) ? keys[key] : undefined
    return schema && 'openTo' in schema && schema.openTo === 'buyers' ? schema : undefined
  }
  return {
    check(notes) {
      for (const [plugin, values] of Object.entries(notes))
        for (const [key, value] of Object.entries(values)) {
          const field = `metadata.${plugin}.${key}`
          const schema = schemaOf(plugin, key)
          if (!schema) throw unfit(field, 'is nothing that buyers may note')
          if (value === null || Schema.Check(schema, value)) continue
          const [, [first]] = Schema.Errors(schema, value)
          throw unfit(
            `${field}${first?.instancePath.replaceAll('/', '.') ?? ''}`,
            first ? schemaRule({ ...first, params: { ...first.params } }) : 'does not fit',
          )
        }
    },
    openOf: (noted) =>
      Object.fromEntries(
        Object.entries(noted)
          .map(([plugin, values]) => [plugin, openIn(plugin, values)] as const)
          .filter(([, values]) => Object.keys(values).length > 0),
      ),
  }
  function openIn(plugin: string, values: Metadata[string]): Metadata[string] {
    return Object.fromEntries(
      Object.entries(values).filter(([key]) => schemaOf(plugin, key) !== undefined),
    )
  }
}
