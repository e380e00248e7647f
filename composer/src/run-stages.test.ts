import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { begun, clock, stagesOf } from './run-stages.ts'
import type { StageEvent } from './stages.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

test('a stage that ran beside another tells how long it ran, and not how long it was waited for', async () => {
  const told: StageEvent[] = []
  const stage = stagesOf({ onStage: (event) => void told.push(event) })
  const bundlingTime = clock()
  vi.advanceTimersByTime(1200)
  bundlingTime.stop()
  await stage(
    'check',
    () => Promise.resolve(vi.advanceTimersByTime(2000)),
    () => 'types fit',
  )
  await stage(
    'compile',
    () => Promise.resolve(),
    () => 'three bundles',
    undefined,
    undefined,
    bundlingTime,
  )
  expect(told.map(({ stage: name, state, ms }) => [name, state, ms])).toEqual([
    ['check', 'started', 0],
    ['check', 'done', 2000],
    ['compile', 'started', 0],
    ['compile', 'done', 1200],
  ])
})

/** Until all that follows from promises has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

test('a stage that began early tells its time from when it had what it waits for', async () => {
  const inputs = Promise.withResolvers<string>()
  const ready = Promise.withResolvers<string>()
  const end = Promise.withResolvers<string>()
  const stage = begun(
    [inputs.promise],
    async ([first]) => [first, await ready.promise, await end.promise],
    ready.promise,
  )
  vi.advanceTimersByTime(100)
  inputs.resolve('selection')
  await settled()
  vi.advanceTimersByTime(200)
  ready.resolve('packed')
  await settled()
  vi.advanceTimersByTime(400)
  end.resolve('proved')
  expect([await stage.result, stage.ms()]).toEqual([['selection', 'packed', 'proved'], 400])
  vi.advanceTimersByTime(800)
  expect(stage.ms()).toBe(400)
})
