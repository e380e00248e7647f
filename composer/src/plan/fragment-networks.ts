import type { Fact } from '@bitcartcc/sdk/problem'
import { nearest } from '../read/nearest.ts'
import type { Path } from '../read/yaml-file.ts'
import type { Around } from './fragment-service.ts'
import { fragmentShape, missingService } from './service-problems.ts'
import { isPlain } from './sourced.ts'

/** Network of the fragment, or `default` for the plugin's own → how the service is called there. */
export type Networks = Readonly<Record<string, { readonly aliases?: readonly string[] }>>

/** The networks of a service, as a list or a mapping, in the one form; undefined where it names none. */
export function readNetworks(
  value: unknown,
  fact: (...path: Path) => Fact,
  { names, problems }: Around,
): Networks | undefined {
  if (value === undefined) return undefined
  const entries = isPlain(value)
    ? Object.entries(value)
    : (Array.isArray(value) ? value : []).map((name) => [String(name), null] as const)
  const known = ['default', ...names.networks]
  return Object.fromEntries(
    entries.flatMap(([name, options], at) => {
      const here = isPlain(value) ? fact('networks', name) : fact('networks', at)
      if (!known.includes(name)) {
        problems.push(missingService(name, 'network', here, nearest(name, known)))
        return []
      }
      const { aliases = [], ...rest } = isPlain(options) ? options : {}
      if (!Array.isArray(aliases) || Object.keys(rest).length > 0) {
        problems.push(fragmentShape(`network ${name}`, 'nothing but   aliases: [name]', here))
        return []
      }
      const sorted = [...new Set(aliases.map(String))].toSorted()
      return [[name, sorted.length === 0 ? {} : { aliases: sorted }] as const]
    }),
  )
}
