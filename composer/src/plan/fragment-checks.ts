import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import type { Path } from '../read/yaml-file.ts'
import { fragmentConflict, fragmentShape, mountConflict } from './service-problems.ts'
import { isPlain } from './sourced.ts'

type Table = Readonly<Record<string, unknown>>
type Facts = (...path: Path) => Fact

/** What each key may say and a service may not say together, or docker-compose would only tell when it starts. */
export const serviceMistakes = (
  name: string,
  value: Table,
  secrets: readonly { readonly target: string; readonly written: Path }[],
  fact: Facts,
): readonly Problem[] => [
  ...(/^[a-zA-Z0-9][\w-]*$/.test(name)
    ? []
    : [fragmentShape(`The name ${name}`, 'of letters, digits, - and _', fact())]),
  ...testMistakes(name, value['healthcheck'], fact),
  ...sameSecrets(name, secrets, fact),
  ...(value['network_mode'] !== undefined && value['networks'] !== undefined
    ? [fragmentShape(`networks of ${name}`, 'left out beside   network_mode', fact('networks'))]
    : []),
  ...bothWays(name, value, fact),
]

function testMistakes(name: string, healthcheck: unknown, fact: Facts): readonly Problem[] {
  const { test } = isPlain(healthcheck) ? healthcheck : {}
  const isKnown =
    !Array.isArray(test) || ['CMD', 'CMD-SHELL', 'NONE'].includes(String((test as unknown[])[0])) // of anything
  return isKnown
    ? []
    : [
        fragmentShape(
          `healthcheck.test of ${name}`,
          'a text, or a list that begins with CMD, CMD-SHELL or NONE',
          fact('healthcheck', 'test'),
        ),
      ]
}

const sameSecrets = (
  name: string,
  secrets: readonly { readonly target: string; readonly written: Path }[],
  fact: Facts,
) =>
  [...Map.groupBy(secrets, ({ target }) => target)]
    .filter(([, same]) => same.length > 1)
    .map(([target, same]) =>
      mountConflict(
        name,
        target.startsWith('/') ? target : `/run/secrets/${target}`,
        same.map(({ written }) => fact(...written)),
      ),
    )

/** Capabilities that are added and dropped at once. */
function bothWays(name: string, value: Table, fact: Facts): readonly Problem[] {
  const dropped = textsIn(value['cap_drop'])
  return textsIn(value['cap_add'])
    .filter((each) => dropped.includes(each))
    .map((each) =>
      fragmentConflict(
        `The capability ${each} of ${name}`,
        [fact('cap_add'), fact('cap_drop')],
        'Name it in one of the two lists.',
      ),
    )
}

const textsIn = (value: unknown): readonly string[] =>
  [value].flat().filter((each) => typeof each === 'string')
