import type { CoreHooks } from '@bitcartcc/sdk/server'
import type { HooksWiring } from '@bitcartcc/sdk/wiring'
import type { Domain } from './domain.ts'

export interface Hooks {
  /** Passes a value through every hook of that name, in order; what one throws ends it. */
  pass<H extends keyof CoreHooks>(
    hook: H,
    value: CoreHooks[H]['value'],
    about: () => CoreHooks[H]['about'] | Promise<CoreHooks[H]['about']>,
  ): Promise<CoreHooks[H]['value']>
}

/** What plugins have to say to core's own operations, before they are done and outside of their transactions. */
export function createHooks(wiring: HooksWiring, contextFor: Domain['contextFor']): Hooks {
  const byName = Map.groupBy(wiring.hooks, ({ hook }) => hook.hook)
  return {
    async pass<H extends keyof CoreHooks>(
      hook: H,
      given: CoreHooks[H]['value'],
      about: () => CoreHooks[H]['about'] | Promise<CoreHooks[H]['about']>,
    ) {
      let value = given
      const found = byName.get(hook)
      if (!found) return value
      const facts = await about()
      for (const { plugin, hook: each } of found) {
        const next = (await each.run(value, facts, await contextFor(plugin))) as unknown
        if (typeof next !== 'object' || next === null)
          throw new Error(`${plugin} gave no value at ${hook}`)
        value = next as CoreHooks[H]['value'] // what it holds is checked where core takes it
      }
      return value
    },
  }
}
