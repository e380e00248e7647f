import type { Cache } from '../cache/cache.ts'
import { hashOf } from '../cache/hash.ts'
import type { Plan } from '../model/plan.ts'
import type { GeneratedTree } from '../model/generated-tree.ts'
import { entries } from './entries.ts'
import type { Module } from './module.ts'
import {
  apiModule,
  appModule,
  notifyModule,
  commandsModule,
  hooksModule,
  localeFiles,
  paymentsModule,
  pluginsModule,
  ratesModule,
  workerModule,
} from './wiring.ts'

export interface GenerateInput {
  readonly plan: Plan
  readonly cache: Cache
  readonly coreHash: string
}

/** Writes the wiring, in memory: from the plan, the modules that join the plugins to core by static imports. */
export async function generate({ plan, cache, coreHash }: GenerateInput): Promise<GeneratedTree> {
  const modules = [
    ['wiring/plugins.ts', pluginsModule(plan)],
    ['wiring/api.ts', apiModule(plan)],
    ['wiring/worker.ts', workerModule(plan)],
    ['wiring/payments.ts', paymentsModule(plan)],
    ['wiring/notify.ts', notifyModule(plan)],
    ['wiring/rates.ts', ratesModule(plan)],
    ['wiring/commands.ts', commandsModule(plan)],
    ['wiring/hooks.ts', hooksModule(plan)],
    ['wiring/admin.ts', appModule(plan, 'admin')],
    ['wiring/store.ts', appModule(plan, 'store')],
  ] as const
  const texts = await Promise.all(
    modules.map(async ([path, module]) => [path, await textOf(module, cache, coreHash)] as const),
  )
  return new Map(
    [...entries(plan), ...localeFiles(plan), ...texts].toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/** Most builds change no wiring, and loading what writes it takes half a second. */
async function textOf(module: Module, cache: Cache, coreHash: string): Promise<string> {
  const key = `wiring-${hashOf(coreHash, JSON.stringify(module)).slice(7)}`
  const known = cache.get(key)?.get('text')
  if (known) return Buffer.from(known).toString()
  const { sourceOf } = await import('./source.ts')
  const text = sourceOf(module)
  cache.put(key, new Map([['text', Buffer.from(text)]]))
  return text
}
