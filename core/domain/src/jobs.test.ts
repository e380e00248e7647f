import { expect, test } from 'vitest'
import { createJobQueue, type Delivery } from './jobs.ts'
import { databases, silent } from './test-support.ts'

test('what a server of the embedded database had begun when it was killed, the next one begins again at once', async () => {
  const [embedded] = databases
  const at = await embedded!.openMigrated()
  const queue = await createJobQueue(at.database, silent)
  try {
    const delivery: Delivery = { plugin: 'core', event: 'product.created', payload: { id: '7' } }
    await queue.send(undefined, delivery)
    // As the one that was killed left it.
    await at.database.pool.query(
      `update jobs.job set state = 'active', started_on = now(), heartbeat_on = now() where name = 'events'`,
    )
    const delivered = Promise.withResolvers<object>()
    await queue.work(async (again) => {
      const { rows } = await at.database.pool.query(
        `select output, retry_count from jobs.job where name = 'events'`,
      )
      delivered.resolve({ again, ...(rows[0] as object) })
    }, [])
    expect(await delivered.promise).toEqual({
      again: delivery,
      output: { message: 'The server ended while it ran.' },
      retry_count: 1,
    })
  } finally {
    await queue.close()
    await at.close()
  }
})
