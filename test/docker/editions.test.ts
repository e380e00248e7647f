import { execa } from 'execa'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { join } from 'node:path'
import { builtStandard } from '../support/distribution.ts'

const newer = process.env['TEST_DOCKER_COMPOSE_2'] ?? ''
const older = await execa('docker-compose', ['version', '--short'], { reject: false })
const lacks = [
  ...(older.stdout?.startsWith('1.')
    ? []
    : ['docker-compose is not there, or not of the first edition']),
  ...(newer ? [] : ['TEST_DOCKER_COMPOSE_2 names no docker-compose of the second edition']),
]
const word = lacks.length === 0 ? '' : ` (skipped: ${lacks.join(', ')})`

test.skipIf(lacks.length > 0)(
  `both editions of docker-compose read the same out of the generated file${word}`,
  async () => {
    const { folder } = await builtStandard()
    const readBy = async (program: string) => {
      const file = join(folder, 'docker-compose.yml')
      const { stdout } = await execa(program, ['-f', file, '-p', 'shop', 'config'], {
        env: { POSTGRES_PASSWORD: 'a b:c@d' },
      })
      return inOneForm(parse(stdout, { version: '1.1' }))
    }
    const read = await readBy(newer)
    expect(Object.keys((read as { services: object }).services)).toContain('status-page') // docker-compose's shape
    expect(read).toEqual(await readBy('docker-compose'))
  },
)

const units: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }

/** What an edition says without being asked, is left out; sizes are bytes. */
function inOneForm(value: unknown, path: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => inOneForm(each, [...path, '*']))
  const key = path.at(-1)
  if (key === 'memory') {
    const [, number, unit = ''] = /^(\d+)([kmg]?)$/.exec(String(value)) ?? []
    return Number(number) * (units[unit] ?? 1)
  }
  if (key === 'published') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  const isOnTop = path.length === 0
  const entries = Object.entries(value as Readonly<Record<string, unknown>>).filter(
    // no list, above
    ([name, each]) =>
      !(isOnTop && ['name', 'version'].includes(name)) &&
      !(path.length === 2 && name === 'name' && each === `shop_${key}`) &&
      !(key === 'build' && name === 'dockerfile' && each === 'Dockerfile') &&
      !(path.at(-2) === 'depends_on' && name === 'required' && each === true) &&
      !(path.at(-2) === 'ports' && name === 'mode' && each === 'ingress'),
  )
  if (key === 'healthcheck' && JSON.stringify(value) === '{"test":["NONE"]}')
    return { disable: true }
  return Object.fromEntries(entries.map(([name, each]) => [name, inOneForm(each, [...path, name])]))
}
