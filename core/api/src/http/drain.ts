import { setImmediate as turn } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

export interface Drain {
  /** Whether the API is about to end: what asks for its readiness is told no. */
  isOn(): boolean
}

/**
 * Lets an API end without losing a request of a proxy before it.
 *
 * From the moment it is closed every answer ends its connection, so that a proxy keeps none on which it could send
 * one more. What still comes is answered, until `wait` is over and nobody stands at the door.
 */
export function drainOnClose(app: FastifyInstance, wait: () => Promise<unknown>): Drain {
  let isOn = false
  app.addHook('preClose', async () => {
    isOn = true
    await wait()
    await nobodyAtTheDoor(app)
  })
  // Fastify says so itself of what arrives from then on, but not of what it is already working at.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (isOn) reply.header('connection', 'close')
    done()
  })
  return { isOn: () => isOn }
}

/** Connections that the kernel has taken and Node has not yet are cut when a listener is closed. */
async function nobodyAtTheDoor({ server }: FastifyInstance): Promise<void> {
  let came = 0
  const count = () => void (came += 1)
  server.on('connection', count)
  try {
    // Within this first turn nothing may have been looked at yet.
    await turn()
    for (let seen = -1; seen !== came; await turn()) seen = came
  } finally {
    server.off('connection', count)
  }
}
