import type { Fact } from '@bitcartcc/sdk/problem'
import { nearest } from '../read/nearest.ts'
import type { Path } from '../read/yaml-file.ts'
import type { Around, FragmentService } from './fragment-service.ts'
import { fragmentShape, missingService } from './service-problems.ts'
import { isPlain } from './sourced.ts'

const conditions = new Set(['service_started', 'service_healthy', 'service_completed_successfully'])

/** What a service waits for, as a list or a mapping, in the one form. */
export function readDependsOn(
  value: unknown,
  fact: (...path: Path) => Fact,
  { names, ofCore, problems }: Around,
): FragmentService['dependsOn'] {
  const entries = isPlain(value)
    ? Object.entries(value)
    : (Array.isArray(value) ? value : []).map((name) => [String(name), {}] as const)
  return Object.fromEntries(
    entries.flatMap(([name, options], at) => {
      const here = isPlain(value) ? fact('depends_on', name) : fact('depends_on', at)
      if (!names.services.includes(name) && !ofCore.includes(name)) {
        problems.push(missingService(name, 'service', here, nearest(name, names.services)))
        return []
      }
      const { condition = 'service_started', ...rest } = isPlain(options) ? options : {}
      if (
        typeof condition !== 'string' ||
        !conditions.has(condition) ||
        Object.keys(rest).length > 0
      ) {
        problems.push(
          fragmentShape(
            `depends_on ${name}`,
            `nothing but   condition: ${[...conditions].join(' | ')}`,
            here,
          ),
        )
        return []
      }
      return [[name, { condition }]]
    }),
  )
}
