import type { CoreHooks } from '@bitcartcc/sdk/server'
import type { HooksWiring } from '@bitcartcc/sdk/wiring'
import type { Asking } from './asked.ts'
import type { Domain } from './domain.ts'

export interface Hooks {
  /** Passes a value through every hook of that name, in order; what one throws ends it. About nothing there is nothing to say. */
  pass<H extends keyof CoreHooks>(
    hook: H,
    value: CoreHooks[H]['value'],
    about: () => About<H> | Promise<About<H>>,
  ): Promise<CoreHooks[H]['value']>
}

type About<H extends keyof CoreHooks> = CoreHooks[H]['about'] | null

/** What plugins have to say to core's own operations, before they are done and outside of their transactions. */
export function createHooks(
  wiring: HooksWiring,
  contextFor: Domain['contextFor'],
  { outside }: Pick<Asking, 'outside'>,
): Hooks {
  const byName = Map.groupBy(wiring.hooks, ({ hook }) => hook.hook)
  return {
    async pass<H extends keyof CoreHooks>(
      hook: H,
      first: CoreHooks[H]['value'],
      about: () => About<H> | Promise<About<H>>,
    ) {
      let value = first
      const found = byName.get(hook)
      if (!found) return value
      const facts = await about()
      if (facts === null) return value
      for (const { plugin, hook: each } of found) {
        const context = await contextFor(plugin)
        const given = value
        const next = (await outside(() => each.run(given, facts, context))) as unknown
        if (typeof next !== 'object' || next === null)
          throw new Error(`${plugin} gave no value at ${hook}`)
        value = next as CoreHooks[H]['value'] // what it holds is checked where core takes it
      }
      return value
    },
  }
}
