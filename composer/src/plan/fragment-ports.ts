import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import type { Path } from '../read/yaml-file.ts'
import { fragmentConflict, fragmentShape } from './service-problems.ts'
import { isPlain } from './sourced.ts'

export interface PublishedPort {
  readonly target: number
  readonly published: number
  readonly protocol: 'tcp' | 'udp'
  readonly fact: Fact
  /** As written: `"9090:80"`. */
  readonly text: string
  /** Where it is written, inside of the service. */
  readonly written: Path
}

/** The ports of a service, short and long, in the one form; those that say the same are one. */
export function readPorts(
  name: string,
  value: unknown,
  factOf: (...path: Path) => Fact,
  problems: Problem[],
): readonly PublishedPort[] {
  const read = (Array.isArray(value) ? value : []).flatMap((port: unknown, at) =>
    readPort(port, ['ports', at], factOf('ports', at), problems),
  )
  const byTarget = Map.groupBy(read, ({ target, protocol }) => `${target}/${protocol}`)
  for (const [target, same] of byTarget)
    if (same.some(({ published }) => published !== same[0]?.published))
      problems.push(
        fragmentConflict(
          `The host port of ${target} of ${name}`,
          same.map(({ fact }) => fact),
          'Keep one of the lines: a port of a container is published once.',
        ),
      )
  return [...byTarget.values()].flatMap((same) => same.slice(0, 1))
}

function readPort(
  port: unknown,
  written: Path,
  fact: Fact,
  problems: Problem[],
): readonly PublishedPort[] {
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
    return [
      { target: Number(target), published: number, protocol, fact, text: fact[2] ?? '', written },
    ]
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
      written,
    },
  ]
}
