import { expect, onTestFinished, test, vi } from 'vitest'
import { createLog, gathered } from './log.ts'

test('lines are written several at once and in their order, and none is kept back', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const written: string[] = []
  const log = createLog(gathered((lines) => void written.push(lines)))
  const said = () =>
    written.splice(0).map((lines) =>
      lines
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { msg: string }).msg),
    )
  log.info('first')
  log.info('second')
  expect(said()).toEqual([])
  vi.advanceTimersByTime(20)
  expect(said()).toEqual([['first', 'second']])
  log.info('third')
  log.error('urgent')
  log.warn('urgent, too')
  expect(said()).toEqual([['third', 'urgent'], ['urgent, too']])
  log.info('last')
  process.listeners('exit').at(-1)?.(0)
  expect(said()).toEqual([['last']])
  vi.advanceTimersByTime(20)
  expect(said()).toEqual([])
})
