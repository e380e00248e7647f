import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import type { Plan } from '../model/plan.ts'
import { serviceCircle } from './service-problems.ts'
import { isPlain } from './sourced.ts'

/** Services that wait for each other, so that docker-compose would start none of them; no service is told of twice. */
export function circleProblems({
  document,
  origins,
}: Pick<Plan['compose'], 'document' | 'origins'>): readonly Problem[] {
  const services = isPlain(document['services']) ? document['services'] : {}
  const waits = new Map(
    Object.entries(services).map(([name, service]) => {
      const dependsOn = isPlain(service) ? service['depends_on'] : undefined
      return [name, isPlain(dependsOn) ? Object.keys(dependsOn) : []]
    }),
  )
  const rounds: string[][] = []
  for (;;) {
    // Whoever waits for nobody that is left can start, and leaves.
    const free = [...waits].filter(([, on]) => on.every((name) => !waits.has(name)))
    for (const [name] of free) waits.delete(name)
    if (free.length > 0) continue
    if (waits.size === 0) break
    const round = roundIn(waits)
    rounds.push(round)
    for (const name of round) waits.delete(name)
  }
  return rounds.map((round) =>
    serviceCircle(
      round,
      round.map((each, at): Fact => {
        const next = round[(at + 1) % round.length] ?? ''
        const { by = '', at: place = 'docker-compose.yml' } =
          origins[`services.${each}.depends_on.${next}.condition`] ?? {}
        return [by, place, `${each} waits for ${next}`]
      }),
    ),
  )
}

/** Where each waits for another, walking on comes back to one that was passed. */
function roundIn(waits: ReadonlyMap<string, readonly string[]>): string[] {
  const passed: string[] = []
  let name = waits.keys().next().value ?? ''
  while (!passed.includes(name)) {
    passed.push(name)
    name = waits.get(name)?.find((each) => waits.has(each)) ?? ''
  }
  return passed.slice(passed.indexOf(name))
}
