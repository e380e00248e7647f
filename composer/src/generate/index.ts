import type { Plan } from '../model/plan.ts'
import type { GeneratedTree } from '../model/generated-tree.ts'
import { entries } from './entries.ts'
import { apiModule, appModule, pluginsModule, workerModule } from './wiring.ts'

/** Writes the wiring, in memory: from the plan, the modules that join the plugins to core by static imports. */
export function generate(plan: Plan): GeneratedTree {
  return new Map(
    [
      ...entries(plan),
      ['wiring/plugins.ts', pluginsModule(plan)] as const,
      ['wiring/api.ts', apiModule(plan)] as const,
      ['wiring/worker.ts', workerModule(plan)] as const,
      ['wiring/admin.ts', appModule(plan, 'admin')] as const,
      ['wiring/store.ts', appModule(plan, 'store')] as const,
    ].toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}
