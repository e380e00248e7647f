import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import { fragmentShape } from './service-problems.ts'
import { isPlain } from './sourced.ts'

export interface PublishedPort {
  readonly target: number
  readonly published: number
  readonly protocol: 'tcp' | 'udp'
  readonly fact: Fact
  /** As written: `"9090:80"`. */
  readonly text: string
}

/** A port of a fragment, short or long, in the one form. */
export function readPort(port: unknown, fact: Fact, problems: Problem[]): readonly PublishedPort[] {
  const refuse = () => {
    problems.push(
      fragmentShape(
        'A published port',
        'like   "9090:80"   or   { target: 80, published: 9090 }',
        fact,
      ),
    )
    return []
  }
  if (isPlain(port)) {
    const { target, published, protocol = 'tcp', ...rest } = port
    const number = Number(published)
    if (
      !Number.isInteger(target) ||
      !Number.isInteger(number) ||
      Object.keys(rest).length > 0 ||
      (protocol !== 'tcp' && protocol !== 'udp')
    )
      return refuse()
    return [{ target: Number(target), published: number, protocol, fact, text: fact[2] ?? '' }]
  }
  const [, published, target, protocol = 'tcp'] =
    String(port).match(/^(\d+):(\d+)(?:\/(tcp|udp))?$/) ?? []
  if (published === undefined) return refuse()
  return [
    {
      target: Number(target),
      published: Number(published),
      protocol: protocol === 'udp' ? 'udp' : 'tcp',
      fact,
      text: JSON.stringify(port),
    },
  ]
}
