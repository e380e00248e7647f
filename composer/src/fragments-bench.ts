import { planServices } from './plan/services.ts'
import { randomFragment } from './plan/test-fragments.ts'
import { makeWorld, removeWorld } from './plan/test-world.ts'

/**
 * Prints how long the merge of 100 random fragments takes, seconds: the first in this process, as in a build, and the best
 * of five after it. Reading and checking the fragments is in it. The schema of the specification was compiled before, once on a
 * machine, if a fragment was ever read there.
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
  const first = timed()
  const seconds = Math.min(...[1, 2, 3, 4, 5].map(() => timed().seconds))
  const values = Object.keys(first.compose.origins).length
  process.stdout.write(
    `${JSON.stringify({ fragments: made.length, values, firstSeconds: first.seconds, seconds })}\n`,
  )
} finally {
  removeWorld(world)
}
