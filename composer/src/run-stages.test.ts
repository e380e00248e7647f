import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { clock, stagesOf } from './run-stages.ts'
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
