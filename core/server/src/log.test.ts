import { expect, test } from 'vitest'
import { createLog, gathered } from './log.ts'

test('lines of one turn are written at once and in their order, and none is kept back', async () => {
  const written: string[] = []
  const log = createLog(gathered((lines) => void written.push(lines)))
  const turn = () => new Promise((done) => setImmediate(done))
  log.info('first')
  log.error('second', { of: 'one turn' })
  expect(written).toEqual([])
  await turn()
  log.warn('third')
  await turn()
  const said = written.map((lines) =>
    lines
      .trimEnd()
      .split('\n')
      .map((line) => ({ ...(JSON.parse(line) as object), time: undefined })),
  )
  expect(said).toEqual([
    [
      { level: 'info', msg: 'first' },
      { level: 'error', msg: 'second', of: 'one turn' },
    ],
    [{ level: 'warn', msg: 'third' }],
  ])
})
