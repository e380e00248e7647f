import { planServices } from './plan/services.ts'
import { randomFragment } from './plan/test-fragments.ts'
import { makeWorld, removeWorld } from './plan/test-world.ts'
import { readYaml } from './read/yaml-file.ts'

/**
 * Prints how long 100 random fragments take, seconds: parsing their YAML, the best of five; and checking and merging them, the
 * first in this process, as in a build, and the best of five after it. A build parses them where it locks them. The schema of
 * the specification was compiled before, once on a machine, if a fragment was ever read there.
 */
let seed = 1
// Lehmer's generator: the same fragments in every run.
const next = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
const made = Array.from({ length: 100 }, (_, at) => {
  const name = `plugin-${at}`
  return { name, ...randomFragment(name, at, next) }
})
const world = await makeWorld(made, {})
try {
  const timed = () => {
    const began = performance.now()
    const { compose, problems } = planServices(world.selection, world.locked, [])
    if (problems.length > 0) throw new Error(JSON.stringify(problems[0]))
    return { compose, seconds: (performance.now() - began) / 1000 }
  }
  const parsed = (edition: number) => {
    const began = performance.now()
    for (const { fragment } of made)
      readYaml(`${fragment}# ${edition}\n`, 'docker-compose.yml', 'plan/fragment-not-yaml')
    return (performance.now() - began) / 1000
  }
  const first = timed()
  const seconds = Math.min(...[1, 2, 3, 4, 5].map(() => timed().seconds))
  const values = Object.keys(first.compose.origins).length
  const parseSeconds = Math.min(...[1, 2, 3, 4, 5].map(parsed))
  const found = {
    fragments: made.length,
    values,
    parseSeconds,
    firstSeconds: first.seconds,
    seconds,
  }
  process.stdout.write(`${JSON.stringify(found)}\n`)
} finally {
  removeWorld(world)
}
