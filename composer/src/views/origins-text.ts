import type { Origin } from '../model/origin.ts'
import type { Plan } from '../model/plan.ts'
import { table } from './table.ts'

type Origins = Plan['compose']['origins']

/** Each value of docker-compose.yml at or below a path, and where it comes from; empty where there is none. */
export const originsAt = ({ origins }: Pick<Plan['compose'], 'origins'>, path: string): Origins =>
  Object.fromEntries(
    Object.entries(origins).filter(([each]) => each === path || each.startsWith(`${path}.`)),
  )

/** A line for each path: who says its value, and where. */
export const originsText = (origins: Origins): string =>
  table(Object.entries(origins).map(([path, origin]) => [path, originText(origin)]))

/** `search 2.6.0 services/docker-compose.yml:9 (in place of core, default)` */
export function originText({ by, at, as, from }: Origin): string {
  const place = [[by, at].filter((each) => each !== undefined).join(' '), as]
  const word = as === 'join' || as === 'a hash' || as?.startsWith('needs.') ? 'of' : 'in place of'
  const before = from === undefined ? '' : ` (${word} ${from.map(originText).join('; ')})`
  return `${place.filter((each) => each !== undefined).join(', ')}${before}`
}
